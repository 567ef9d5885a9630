#!/usr/bin/env python3
"""Turns the float MobileNetV1 or MobileNetV2 of a TensorFlow Lite file into ONNX, for OpenCV's dnn, which reads no
tflite.

Usage: tflite_to_onnx.py IN.tflite OUT.onnx
       tflite_to_onnx.py IN.tgz OUT.onnx --member NAME     the tflite file is the archive's member of that name
Needs Python 3.8 and nothing else.

The same input gives the same bytes on every machine, so that the catalogue can name the result's digest; that is why
the ONNX file is written here byte by byte and not by a library whose output may change.

The graph changes from N,H,W,C to N,C,H,W. TensorFlow's SAME padding at stride 2 is not symmetric, so it is written as
explicit pads. ReLU6 becomes Clip with attributes: that is operator set 6, and OpenCV 4.6 refuses the Clip of set 11.
Outputs: the layer to compare pictures by, the average over the picture, the logits and the probabilities.

A network with ADD is MobileNetV2, one without is MobileNetV1. The layers of MobileNetV1 keep the names of the file.
Those of MobileNetV2 are named by their place, as TF-Slim names them, whatever the file calls them:

    operator                              name
    CONV_2D, the first                    MobilenetV2/Conv
    CONV_2D before DEPTHWISE_CONV_2D      MobilenetV2/expanded_conv_3/expand       (block 0: expanded_conv, no expand)
    DEPTHWISE_CONV_2D                     MobilenetV2/expanded_conv_3/depthwise
    CONV_2D without activation            MobilenetV2/expanded_conv_3/project
    ADD                                   MobilenetV2/expanded_conv_3/add
    CONV_2D before AVERAGE_POOL_2D        MobilenetV2/Conv_1
    AVERAGE_POOL_2D                       MobilenetV2/Logits/AvgPool
    CONV_2D behind it                     MobilenetV2/Logits/Conv2d_1c_1x1

and an activation behind X is X/Relu6. So the catalogue can name the layer, and the size of the result does not depend
on the file's own names. No copy of the converted MobileNetV2 was at hand to take the digest of. Instead the file ends
in a mark (models/conversion_mark.h), a metadata property that says what it was made from and the digest of all before.

Of an archive only the member's bytes are read, into memory; nothing is unpacked, and how much is unpacked on the way
to the member has a limit.

Sources: tensorflow/lite/schema/schema.fbs (version 3), onnx/onnx.proto (IR version 5), POSIX.1-1988 (ustar).
Exit status: 0 done, 1 the file is not what is expected, 2 wrong use.
Tested by tests/models/pull/tflite_to_onnx_test.py
"""

import gzip
import hashlib
import os
import struct
import sys
import zlib

# onnx.proto: TensorProto.FLOAT; AttributeProto.FLOAT, INT, INTS
FLOAT = 1
ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS = 1, 2, 7
IR_VERSION = 5
OPSET = 10

# schema.fbs: BuiltinOperator
ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D, RESHAPE, SOFTMAX, SQUEEZE = 0, 1, 3, 4, 22, 25, 43
OPERATOR_NAMES = {ADD: "ADD", AVERAGE_POOL_2D: "AVERAGE_POOL_2D", CONV_2D: "CONV_2D", DEPTHWISE_CONV_2D: "DEPTHWISE_CONV_2D",
                  RESHAPE: "RESHAPE", SOFTMAX: "SOFTMAX", SQUEEZE: "SQUEEZE"}
SAME, VALID = 0, 1  # Padding
NO_ACTIVATION, RELU, RELU6 = 0, 1, 3  # ActivationFunctionType

MAX_ITEMS = 100_000  # of any table in the file; the real ones have 90 and 174 tensors
MAX_FILE = 1 << 28
MAX_UNPACKED = 1 << 30  # of an archive, up to the end of the member
MARK_KEY = "lookalike_mark"


class ConversionError(Exception):
    """The file is damaged or holds what this program does not convert."""


# --- Reading: FlatBuffers ---------------------------------------------------------------------------------------------


class FlatBuffer:
    """A FlatBuffers file. Every offset is checked before it is followed."""

    def __init__(self, data):
        self.data = data

    def number(self, kind, at):
        size = struct.calcsize(kind)
        if at < 0 or at + size > len(self.data):
            raise ConversionError(f"an offset leads to byte {at}, outside the file of {len(self.data)} bytes")
        return struct.unpack_from(kind, self.data, at)[0]

    def root(self):
        return Table(self, self.follow(0))

    def follow(self, at):
        return at + self.number("<I", at)

    def vector(self, at, item_size):
        """Start and length of the vector that the offset at `at` leads to."""
        start = self.follow(at)
        count = self.number("<I", start)
        if start + 4 + count * item_size > len(self.data):
            raise ConversionError(f"a list of {count} items at byte {start} reaches beyond the end of the file")
        return start + 4, count


class Table:
    """A table in the buffer; fields are numbered as in the schema, absent ones have their default."""

    def __init__(self, buffer, at):
        self.buffer = buffer
        self.at = at
        self.vtable = at - buffer.number("<i", at)
        self.vtable_size = buffer.number("<H", self.vtable)

    def where(self, field):
        slot = 4 + 2 * field
        if slot + 2 > self.vtable_size:
            return None
        offset = self.buffer.number("<H", self.vtable + slot)
        return self.at + offset if offset else None

    def scalar(self, field, kind, default):
        at = self.where(field)
        return default if at is None else self.buffer.number(kind, at)

    def table(self, field):
        at = self.where(field)
        return None if at is None else Table(self.buffer, self.buffer.follow(at))

    def tables(self, field):
        at = self.where(field)
        if at is None:
            return []
        start, count = self.buffer.vector(at, 4)
        if count > MAX_ITEMS:
            raise ConversionError(f"a list of {count} tables is longer than anything expected here")
        return [Table(self.buffer, self.buffer.follow(start + 4 * i)) for i in range(count)]

    def integers(self, field):
        at = self.where(field)
        if at is None:
            return []
        start, count = self.buffer.vector(at, 4)
        if count > MAX_ITEMS:
            raise ConversionError(f"a list of {count} numbers is longer than anything expected here")
        return list(struct.unpack_from(f"<{count}i", self.buffer.data, start))

    def bytes(self, field):
        at = self.where(field)
        if at is None:
            return b""
        start, count = self.buffer.vector(at, 1)
        return bytes(self.buffer.data[start:start + count])


# --- The network as the file describes it -----------------------------------------------------------------------------


class Tensor:
    def __init__(self, name, shape, data):
        self.name = name
        self.shape = shape
        self.data = data  # little-endian float32; empty for activations


class Operator:
    def __init__(self, kind, inputs, outputs, options):
        self.kind = kind
        self.inputs = inputs
        self.outputs = outputs
        self.options = options  # Table, or None


class Network:
    def __init__(self, tensors, operators, inputs, outputs):
        self.tensors = tensors
        self.operators = operators
        self.inputs = inputs
        self.outputs = outputs


def read_tensor(table, buffers):
    name = table.bytes(3).decode("utf-8", "replace")
    shape = table.integers(0)
    if any(side <= 0 for side in shape):
        raise ConversionError(f"tensor '{name}' has the impossible shape {shape}")
    buffer_index = table.scalar(2, "<I", 0)
    if buffer_index >= len(buffers):
        raise ConversionError(f"tensor '{name}' names buffer {buffer_index} of {len(buffers)}")
    data = buffers[buffer_index].bytes(0)
    is_float = table.scalar(1, "<b", 0) == 0
    if is_float and data and len(data) != 4 * product(shape):
        raise ConversionError(f"tensor '{name}' of shape {shape} holds {len(data)} bytes")
    if not is_float and table.scalar(1, "<b", 0) != 2:  # int32: the shape given to RESHAPE
        raise ConversionError(f"tensor '{name}' is not float32: only the float network can be converted")
    return Tensor(name, shape, data)


def read_network(data):
    if len(data) < 8 or data[4:8] != b"TFL3":
        raise ConversionError("not a TensorFlow Lite file (TFL3 is not written at byte 4)")
    root = FlatBuffer(data).root()
    graphs = root.tables(2)
    if len(graphs) != 1:
        raise ConversionError(f"expected one graph, found {len(graphs)}")
    buffers = root.tables(4)
    tensors = [read_tensor(t, buffers) for t in graphs[0].tables(0)]
    codes = [max(c.scalar(0, "<b", 0), c.scalar(3, "<i", 0)) for c in root.tables(1)]
    operators = [read_operator(t, codes, len(tensors)) for t in graphs[0].tables(3)]
    inputs, outputs = graphs[0].integers(1), graphs[0].integers(2)
    if len(inputs) != 1 or len(outputs) != 1 or not all(0 <= i < len(tensors) for i in inputs + outputs):
        raise ConversionError(f"expected one input and one output, found {inputs} and {outputs}")
    return Network(tensors, operators, inputs, outputs)


def read_operator(table, codes, tensor_count):
    code_index = table.scalar(0, "<I", 0)
    if code_index >= len(codes):
        raise ConversionError(f"an operator names code {code_index} of {len(codes)}")
    kind = codes[code_index]
    if kind not in OPERATOR_NAMES:
        raise ConversionError(f"operator number {kind} is not one that MobileNetV1 or MobileNetV2 consists of")
    inputs, outputs = table.integers(1), table.integers(2)
    expected = 3 if kind in (CONV_2D, DEPTHWISE_CONV_2D) else 2 if kind == ADD else 1
    if len(inputs) < expected or len(outputs) != 1 or not all(0 <= i < tensor_count for i in inputs + outputs):
        raise ConversionError(f"{OPERATOR_NAMES[kind]} has inputs {inputs} and outputs {outputs}")
    return Operator(kind, inputs, outputs, table.table(4))


def product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


class Window:
    """How a convolution or pool moves over its input: the fields of its options table, read and checked."""

    def __init__(self, operator):
        options = operator.options
        name = OPERATOR_NAMES[operator.kind]
        if options is None:
            raise ConversionError(f"{name} has no options")
        # Fields: 0 padding, 1 stride_w, 2 stride_h, then what differs between the three.
        self.padding = options.scalar(0, "<b", SAME)
        self.stride_w, self.stride_h = options.scalar(1, "<i", 0), options.scalar(2, "<i", 0)
        pool, depthwise = operator.kind == AVERAGE_POOL_2D, operator.kind == DEPTHWISE_CONV_2D
        self.filter_w = options.scalar(3, "<i", 0) if pool else None
        self.filter_h = options.scalar(4, "<i", 0) if pool else None
        self.multiplier = options.scalar(3, "<i", 0) if depthwise else 1
        self.activation = options.scalar(5 if pool else 4 if depthwise else 3, "<b", NO_ACTIVATION)
        dilation = 5 if depthwise else 4
        dilated = not pool and (options.scalar(dilation, "<i", 1), options.scalar(dilation + 1, "<i", 1)) != (1, 1)
        if self.padding not in (SAME, VALID) or not 1 <= self.stride_w <= 16 or not 1 <= self.stride_h <= 16 or dilated:
            raise ConversionError(f"{name} has a padding, stride or dilation that is not converted")
        if self.activation not in (NO_ACTIVATION, RELU, RELU6):
            raise ConversionError(f"{name} ends in activation {self.activation}, which is not converted")

    def pads(self, height, width, kernel_h, kernel_w):
        """[top, left, bottom, right]; with SAME, TensorFlow puts the odd row and column after."""
        if self.padding == VALID:
            return [0, 0, 0, 0]
        down = max((-(-height // self.stride_h) - 1) * self.stride_h + kernel_h - height, 0)
        across = max((-(-width // self.stride_w) - 1) * self.stride_w + kernel_w - width, 0)
        return [down // 2, across // 2, down - down // 2, across - across // 2]


# --- Writing: protocol buffers ----------------------------------------------------------------------------------------


def varint(number):
    number &= (1 << 64) - 1  # negative numbers are written as 64-bit two's complement
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    if isinstance(data, str):
        data = data.encode("utf-8")
    return varint(field << 3 | 2) + varint(len(data)) + data


def real(field, value):
    return varint(field << 3 | 5) + struct.pack("<f", value)


def attribute(name, value):
    if isinstance(value, float):
        return block(1, name) + real(2, value) + integer(20, ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return block(1, name) + integer(3, value) + integer(20, ATTRIBUTE_INT)
    return block(1, name) + b"".join(integer(8, v) for v in value) + integer(20, ATTRIBUTE_INTS)


def node(kind, name, inputs, **attributes):
    """A NodeProto with one output that is called as the node itself."""
    parts = [block(1, i) for i in inputs] + [block(2, name), block(3, name), block(4, kind)]
    parts += [block(5, attribute(key, attributes[key])) for key in sorted(attributes)]
    return b"".join(parts)


def initializer(name, shape, data):
    return b"".join(integer(1, side) for side in shape) + integer(2, FLOAT) + block(8, name) + block(9, data)


def value_info(name, shape):
    sides = b"".join(block(1, integer(1, side)) for side in shape)
    tensor_type = integer(1, FLOAT) + block(2, sides)
    return block(1, name) + block(2, block(1, tensor_type))


# --- Conversion -------------------------------------------------------------------------------------------------------


def transpose(data, shape, order):
    """Row-major float32 with its axes in the new order. Only small tensors come here: 1x1 kernels keep their order."""
    strides = [product(shape[axis + 1:]) for axis in range(len(shape))]
    offsets = [0]
    for axis in order:
        offsets = [start + step * strides[axis] for start in offsets for step in range(shape[axis])]
    return b"".join(data[4 * offset:4 * offset + 4] for offset in offsets)


def mobilenet_v1_scopes(network):
    """What each operator's result is called: as in the file, without the doubled scope."""
    names = [plain_name(network.tensors[operator.outputs[0]].name) for operator in network.operators]
    scopes = []
    for name in names:
        scope, _, last = name.rpartition("/")
        scopes.append(Scope(f"{scope}/before_{last}", name, name, None))
    return scopes


def plain_name(name):
    while name.startswith("MobilenetV1/MobilenetV1/"):
        name = name[len("MobilenetV1/"):]
    return name


def mobilenet_v2_scopes(network):
    """What each operator's result is called: by its place, as the table at the top says."""
    kinds = [operator.kind for operator in network.operators]
    blocks, scopes = 0, []
    block, pooled, linear = None, False, True  # the block under way; whether the pool was met; the last step's activation
    for i, kind in enumerate(kinds):
        following = kinds[i + 1] if i + 1 < len(kinds) else None
        name = None
        if kind == CONV_2D and i == 0:
            name, linear = "MobilenetV2/Conv", False
        elif kind == CONV_2D and pooled:
            name = "MobilenetV2/Logits/Conv2d_1c_1x1"
        elif kind == CONV_2D and following == AVERAGE_POOL_2D:
            name = "MobilenetV2/Conv_1"
        elif kind == CONV_2D and following == DEPTHWISE_CONV_2D and linear and blocks:
            block, name, linear = block_name(blocks), block_name(blocks) + "/expand", False
        elif kind == DEPTHWISE_CONV_2D and not linear:
            block = block or block_name(blocks)
            name = block + "/depthwise"
        elif kind == CONV_2D and block and not linear and kinds[i - 1] == DEPTHWISE_CONV_2D:
            name, linear, blocks = block + "/project", True, blocks + 1
        elif kind == ADD and block and linear and kinds[i - 1] == CONV_2D:
            name = block + "/add"
        elif kind == AVERAGE_POOL_2D and block and not pooled:
            name, pooled = "MobilenetV2/Logits/AvgPool", True
        elif kind in (RESHAPE, SQUEEZE, SOFTMAX) and pooled:
            name = OPERATOR_NAMES[kind].lower()
        if name is None:
            raise ConversionError(f"operator {i}, {OPERATOR_NAMES[kind]}, is not where MobileNetV2 has one")
        scopes.append(Scope(name, name + "/Relu6", name, name))
    return scopes


def block_name(number):
    return f"MobilenetV2/expanded_conv_{number}" if number else "MobilenetV2/expanded_conv"


class Scope:
    """Names of what one operator gives: before its activation and behind it, or when it has none; of its weights."""

    def __init__(self, before, activated, linear, weights):
        self.before = before
        self.activated = activated
        self.linear = linear
        self.weights = weights  # None: as in the file


class Converter:
    """Builds the ONNX graph."""

    def __init__(self, network):
        self.network = network
        self.is_v2 = any(operator.kind == ADD for operator in network.operators)
        self.scopes = iter(mobilenet_v2_scopes(network) if self.is_v2 else mobilenet_v1_scopes(network))
        self.scope = None  # of the operator under way
        self.nodes = []
        self.weights = []
        self.outputs = []
        self.before_last = None  # V2: what the last convolution before the pool reads
        self.names = {network.inputs[0]: "input"}  # of the ONNX tensor that stands for a tensor of the file
        self.shapes = {network.inputs[0]: self.nchw(self.tensor(network.inputs[0]).shape)}

    def tensor(self, index):
        return self.network.tensors[index]

    @staticmethod
    def nchw(shape):
        if len(shape) != 4 or shape[0] != 1:
            raise ConversionError(f"expected one picture as N,H,W,C, found the shape {shape}")
        return [1, shape[3], shape[1], shape[2]]

    def picture_of(self, operator):
        source, shape = self.input_of(operator)
        if len(shape) != 4:
            raise ConversionError(f"{OPERATOR_NAMES[operator.kind]} reads '{source}', which is no picture")
        return source, shape

    def input_of(self, operator, number=0):
        index = operator.inputs[number]
        if index not in self.names:
            raise ConversionError(f"'{self.tensor(index).name}' is used before it is computed")
        return self.names[index], self.shapes[index]

    def emit(self, kind, name, inputs, **attributes):
        self.nodes.append(node(kind, name, inputs, **attributes))
        return name

    def activate(self, name, activation, before):
        if activation == RELU6:
            return self.emit("Clip", name, [before], min=0.0, max=6.0)
        return self.emit("Relu", name, [before])

    def result(self, operator, name, shape):
        self.names[operator.outputs[0]] = name
        self.shapes[operator.outputs[0]] = shape

    def with_activation(self, operator, activation, kind, inputs, shape, **attributes):
        name = self.scope.linear if activation == NO_ACTIVATION else self.scope.activated
        expected = self.nchw(self.tensor(operator.outputs[0]).shape)
        if shape != expected:
            raise ConversionError(f"'{name}' should have the shape {expected}, its operator gives {shape}")
        if activation == NO_ACTIVATION:
            self.emit(kind, name, inputs, **attributes)
        else:
            before = self.emit(kind, self.scope.before, inputs, **attributes)
            self.activate(name, activation, before)
        self.result(operator, name, shape)

    def weight_name(self, tensor, last):
        return f"{self.scope.weights}/{last}" if self.scope.weights else plain_name(tensor.name)

    def kernel(self, operator, window, channels):
        """Adds the kernel to the graph as O,I,H,W; gives its name, out channels, groups, height and width."""
        weight = self.tensor(operator.inputs[1])
        if len(weight.shape) != 4 or not weight.data:
            raise ConversionError(f"'{weight.name}' is not a constant kernel")
        out, height, width, depth = weight.shape
        depthwise = operator.kind == DEPTHWISE_CONV_2D
        if depth != channels * (window.multiplier if depthwise else 1) or depthwise and out != 1:
            raise ConversionError(f"'{weight.name}' of shape {weight.shape} does not fit {channels} channels")
        name = self.weight_name(weight, "weights")
        if depthwise:  # 1,H,W,C to C,1,H,W
            shape, data = [depth, 1, height, width], transpose(weight.data, weight.shape, (3, 0, 1, 2))
        else:
            one = height == width == 1
            shape = [out, depth, height, width]
            data = weight.data if one else transpose(weight.data, weight.shape, (0, 3, 1, 2))
        self.weights.append(initializer(name, shape, data))
        return name, shape[0], channels if depthwise else 1, height, width

    def convolution(self, operator):
        window = Window(operator)
        source, (_, channels, height, width) = self.picture_of(operator)
        self.before_last = source
        weight, out, groups, kernel_h, kernel_w = self.kernel(operator, window, channels)
        bias = self.tensor(operator.inputs[2])
        if bias.shape != [out] or not bias.data:
            raise ConversionError(f"'{bias.name}' is not a constant bias of {out} channels")
        bias_name = self.weight_name(bias, "bias")
        self.weights.append(initializer(bias_name, [out], bias.data))
        pads = window.pads(height, width, kernel_h, kernel_w)
        shape = [1, out, (height + pads[0] + pads[2] - kernel_h) // window.stride_h + 1,
                 (width + pads[1] + pads[3] - kernel_w) // window.stride_w + 1]
        self.with_activation(operator, window.activation, "Conv", [source, weight, bias_name], shape, group=groups,
                             kernel_shape=[kernel_h, kernel_w], pads=pads, strides=[window.stride_h, window.stride_w])

    def add(self, operator):
        activation = operator.options.scalar(0, "<b", NO_ACTIVATION) if operator.options else NO_ACTIVATION
        (one, shape), (other, other_shape) = self.input_of(operator), self.input_of(operator, 1)
        if shape != other_shape or activation != NO_ACTIVATION:
            raise ConversionError(f"an ADD of the shapes {shape} and {other_shape} with activation {activation} is not "
                                  "converted")
        self.with_activation(operator, activation, "Add", [one, other], shape)

    def average_pool(self, operator):
        window = Window(operator)
        source, (_, channels, height, width) = self.picture_of(operator)
        if (window.filter_h, window.filter_w) != (height, width) or window.padding != VALID:
            raise ConversionError("only an average over the whole picture is converted")
        self.outputs += [self.feature(source, [1, channels, height, width])]
        self.with_activation(operator, window.activation, "GlobalAveragePool", [source], [1, channels, 1, 1])
        self.outputs += [(self.names[operator.outputs[0]], [1, channels, 1, 1])]

    def feature(self, last, shape):
        """MobileNetV1: the last activation. MobileNetV2: the linear bottleneck that its last convolution reads."""
        if not self.is_v2:
            return last, shape
        if not self.before_last.endswith("/project"):
            raise ConversionError(f"the last convolution reads '{self.before_last}' instead of a linear bottleneck")
        index = next(i for i, name in self.names.items() if name == self.before_last)
        return self.before_last, self.shapes[index]

    def flatten(self, operator, source, shape):
        """The logits as one row."""
        if shape[2:] != [1, 1] or any(name == "logits" for name, _ in self.outputs):
            raise ConversionError(f"'{self.tensor(operator.outputs[0]).name}' is not a row of {product(shape)} values")
        row = [1, product(shape)]
        self.outputs += [(self.emit("Flatten", "logits", [source], axis=1), row)]
        return "logits", row

    def reshape(self, operator):
        """RESHAPE and SQUEEZE to one row, which is the only use that the networks make of them."""
        source, shape = self.input_of(operator)
        row = [1, product(shape)]
        if self.tensor(operator.outputs[0]).shape != row:
            raise ConversionError(f"'{self.tensor(operator.outputs[0]).name}' is not a row of {row[1]} values")
        self.result(operator, *((source, row) if shape == row else self.flatten(operator, source, shape)))

    def softmax(self, operator):
        """Of a row, or of 1 x 1 pixels, which then become a row."""
        source, shape = self.input_of(operator)
        beta = operator.options.scalar(0, "<f", 0.0) if operator.options else 0.0
        if beta != 1.0:
            raise ConversionError(f"a softmax of beta {beta} is not converted")
        if len(shape) == 4:
            source, shape = self.flatten(operator, source, shape)
        self.result(operator, self.emit("Softmax", "probabilities", [source], axis=1), shape)
        self.outputs += [("probabilities", shape)]

    def model(self):
        steps = {ADD: self.add, CONV_2D: self.convolution, DEPTHWISE_CONV_2D: self.convolution, AVERAGE_POOL_2D: self.average_pool,
                 RESHAPE: self.reshape, SQUEEZE: self.reshape, SOFTMAX: self.softmax}
        for operator in self.network.operators:
            self.scope = next(self.scopes)
            steps[operator.kind](operator)
        names = [name for name, _ in self.outputs]
        if names[2:] != ["logits", "probabilities"] or self.names.get(self.network.outputs[0]) != "probabilities":
            raise ConversionError(f"the network does not end in average, logits and probabilities but in {names}")
        graph = b"".join([block(1, n) for n in self.nodes] + [block(2, "MobilenetV2" if self.is_v2 else "MobilenetV1")] +
                         [block(5, w) for w in self.weights] +
                         [block(11, value_info("input", self.shapes[self.network.inputs[0]]))] +
                         [block(12, value_info(name, shape)) for name, shape in self.outputs])
        return (integer(1, IR_VERSION) + block(2, "lookalike tflite_to_onnx") + block(7, graph) +
                block(8, block(1, "") + integer(2, OPSET)))


def with_mark(model, data):
    """The model with a last metadata property: the digests of the tflite file and of the model without the property."""
    mark = hashlib.sha256(data).hexdigest() + " " + hashlib.sha256(model).hexdigest()
    return model + block(14, block(1, MARK_KEY) + block(2, mark))


def convert(data):
    """The bytes of the ONNX file for the bytes of a tflite file."""
    converter = Converter(read_network(data))
    model = converter.model()
    return with_mark(model, data) if converter.is_v2 else model


# --- Archives ---------------------------------------------------------------------------------------------------------


class Unpacked:
    """The bytes of a gzip file, in order, as many as the limit allows."""

    def __init__(self, stream):
        self.stream = stream
        self.left = MAX_UNPACKED

    def read(self, count):
        self.left -= count
        if self.left < 0:
            raise ConversionError(f"the archive holds more than {MAX_UNPACKED} bytes before the end of the member")
        data = self.stream.read(count)
        if len(data) != count:
            raise ConversionError("the archive ends early")
        return data

    def skip(self, count):
        while count > 0:
            count -= len(self.read(min(count, 1 << 20)))


def octal(field):
    digits = field.rstrip(b"\0 ").lstrip()
    if not digits or any(digit not in b"01234567" for digit in digits):
        raise ConversionError("the archive is damaged: a number in a header is not octal")
    return int(digits, 8)


def member_header(header):
    """Name, size and whether it is a file. Name: as it stands; it is only ever compared."""
    if octal(header[148:156]) != sum(header[:148]) + 8 * 32 + sum(header[156:]):
        raise ConversionError("the archive is damaged: the checksum of a header is wrong")
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    name = prefix + b"/" + name if prefix else name
    return name[2:] if name.startswith(b"./") else name, octal(header[124:136]), header[156:157] in (b"0", b"\0")


def read_member(path, member):
    """The first file of exactly that name in a tar archive packed with gzip."""
    try:
        with gzip.open(path) as stream:
            unpacked = Unpacked(stream)
            while True:
                header = unpacked.read(512)
                if header == bytes(512):
                    raise ConversionError(f"the archive has no file '{member}'")
                name, size, is_file = member_header(header)
                if is_file and name == member.encode():
                    if size > MAX_FILE:
                        raise ConversionError(f"'{member}' is larger than {MAX_FILE} bytes")
                    return unpacked.read(size)
                unpacked.skip(-(-size // 512) * 512)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConversionError(f"the archive is damaged: {error}") from None


# --- Command ----------------------------------------------------------------------------------------------------------


def read_input(path, member):
    if os.path.getsize(path) > MAX_FILE:
        raise ConversionError(f"larger than {MAX_FILE} bytes")
    if member is not None:
        return read_member(path, member)
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"\x1f\x8b"):
        raise ConversionError("this is an archive: name the tflite file inside it with --member")
    return data


def main(arguments):
    with_member = len(arguments) == 4 and arguments[2] == "--member"
    if len(arguments) != 2 and not with_member:
        print("usage: tflite_to_onnx.py IN.tflite|IN.tgz OUT.onnx [--member NAME]", file=sys.stderr)
        return 2
    try:
        model = convert(read_input(arguments[0], arguments[3] if with_member else None))
        with open(arguments[1], "wb") as file:
            file.write(model)
    except ConversionError as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
