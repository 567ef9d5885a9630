#!/usr/bin/env python3
"""Writes TensorFlow Lite files for tests: small made-up networks, or an ONNX file's MobileNetV2.

Usage: tflite_writer.py IN.onnx OUT.tflite|OUT.tgz
IN.onnx: MobileNetV2 as TF-Slim's, batch norm folded (Conv, Clip, Add, GlobalAveragePool, Conv, Flatten). What is written
has the operators of Google's mobilenet_v2_1.0_224.tflite, 66 in all, and names as its converter gave them. OUT.tgz holds
the file between others, as Google's archive does. Exit status 77: NumPy or onnx is not installed.
"""

import io
import os
import struct
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "models"))
import tflite_to_onnx as converter  # noqa: E402

try:
    import numpy as np
    import onnx
    from onnx import numpy_helper
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (Debian: python3-{missing.name})")
    sys.exit(77)

MEMBER = "mobilenet_v2_1.0_224.tflite"


class Writer:
    """FlatBuffers, parents before children, so that every offset leads forward."""

    def __init__(self):
        self.out = bytearray()

    def align(self, size):
        self.out += bytes(-len(self.out) % size)

    def table(self, fields):
        """fields: {number: (kind, value)}; kinds: b, i, I, f, or behind an offset table, tables, ints, bytes."""
        count = max(fields, default=-1) + 1
        self.align(4)
        vtable = len(self.out)
        self.out += bytes(4 + 2 * count)
        self.align(4)
        start = len(self.out)
        self.out += struct.pack("<i", start - vtable) + bytes(4 * len(fields))
        struct.pack_into("<HH", self.out, vtable, 4 + 2 * count, 4 + 4 * len(fields))
        offsets = []
        for position, (number, (kind, value)) in enumerate(sorted(fields.items())):
            at = start + 4 + 4 * position
            struct.pack_into("<H", self.out, vtable + 4 + 2 * number, at - start)
            if kind in "biIf":
                struct.pack_into("<" + kind, self.out, at, value)
            else:
                offsets.append((at, kind, value))
        for at, kind, value in offsets:
            child = self.child(kind, value)
            struct.pack_into("<I", self.out, at, child - at)
        return start

    def child(self, kind, value):
        if kind == "table":
            return self.table(value)
        self.align(4)
        start = len(self.out)
        if kind == "bytes":
            self.out += struct.pack("<I", len(value)) + value
        elif kind == "ints":
            self.out += struct.pack(f"<I{len(value)}i", len(value), *value)
        else:
            self.out += struct.pack("<I", len(value)) + bytes(4 * len(value))
            for i, fields in enumerate(value):
                at = start + 4 + 4 * i
                struct.pack_into("<I", self.out, at, self.table(fields) - at)
        return start


class Builder:
    """A network, one operator after the other."""

    def __init__(self, shape, seed=1):
        self.random = np.random.default_rng(seed)
        self.buffers = [b""]
        self.tensors = []
        self.operators = []
        self.codes = [converter.ADD, converter.CONV_2D, converter.DEPTHWISE_CONV_2D, converter.AVERAGE_POOL_2D,
                      converter.RESHAPE, converter.SOFTMAX]
        self.last = self.tensor("input", shape)
        self.input = self.last

    def tensor(self, name, shape, data=None, kind=0):
        if data is not None:
            self.buffers.append(data)
        self.tensors.append({0: ("ints", list(shape)), 1: ("b", kind), 3: ("bytes", name.encode()),
                             2: ("I", len(self.buffers) - 1 if data is not None else 0)})
        return len(self.tensors) - 1

    def weights(self, name, shape):
        values = self.random.normal(0, 1 / np.sqrt(max(1, np.prod(shape[1:]))), shape).astype("<f4")
        return self.tensor(name, shape, values.tobytes())

    def shape(self):
        return self.tensors[self.last][0][1]

    def operator(self, kind, name, shape, inputs, options):
        output = self.tensor(name, shape)
        self.operators.append({0: ("I", self.codes.index(kind)), 1: ("ints", [self.last] + inputs),
                               2: ("ints", [output]), 4: ("table", options)})
        self.last = output

    def add(self, name, other, activation=converter.NO_ACTIVATION):
        """The last result and the tensor `other`."""
        self.operator(converter.ADD, name, self.shape(), [other], {0: ("b", activation)})

    def convolution(self, name, channels, kernel, stride, depthwise=False, activation=converter.RELU6):
        _, height, width, depth = self.shape()
        out = depth if depthwise else channels
        shape = [1, kernel, kernel, depth] if depthwise else [channels, kernel, kernel, depth]
        inputs = [self.weights(f"MobilenetV1/{name}/weights", shape), self.weights(f"MobilenetV1/{name}/bias", [out])]
        options = {0: ("b", converter.SAME), 1: ("i", stride), 2: ("i", stride)}
        options.update({3: ("i", 1), 4: ("b", activation)} if depthwise else {3: ("b", activation)})
        self.operator(converter.DEPTHWISE_CONV_2D if depthwise else converter.CONV_2D,
                      f"MobilenetV1/MobilenetV1/{name}/Relu6", [1, -(-height // stride), -(-width // stride), out],
                      inputs, options)

    def average_pool(self, name):
        _, height, width, depth = self.shape()
        self.operator(converter.AVERAGE_POOL_2D, name, [1, 1, 1, depth], [],
                      {0: ("b", converter.VALID), 1: ("i", 2), 2: ("i", 2), 3: ("i", width), 4: ("i", height)})

    def reshape(self, classes, name):
        row = self.tensor("shape", [2], struct.pack("<2i", -1, classes), kind=2)
        self.operator(converter.RESHAPE, name, [1, classes], [row], {0: ("ints", [-1, classes])})

    def softmax(self, name):
        self.operator(converter.SOFTMAX, name, self.shape(), [], {0: ("f", 1.0)})

    def row_and_softmax(self, classes, row, probabilities):
        self.reshape(classes, row)
        self.softmax(probabilities)

    def finish(self, softmax_first=False):
        self.average_pool("MobilenetV1/Logits/AvgPool_1a/AvgPool")
        self.convolution("Logits", 5, 1, 1, activation=converter.NO_ACTIVATION)
        if softmax_first:
            self.softmax("softmax")
            self.reshape(5, "reshape")
        else:
            self.row_and_softmax(5, "reshape", "softmax")

    def file(self):
        writer = Writer()
        writer.out += bytes(4) + b"TFL3"
        graph = {0: ("tables", self.tensors), 1: ("ints", [self.input]), 2: ("ints", [self.last]),
                 3: ("tables", self.operators)}
        buffers = [{0: ("bytes", b)} if b else {} for b in self.buffers]
        root = writer.table({0: ("I", 3), 1: ("tables", [{0: ("b", code)} for code in self.codes]),
                             2: ("tables", [graph]), 4: ("tables", buffers)})
        struct.pack_into("<I", writer.out, 0, root)
        return bytes(writer.out)


def tflite_of_onnx(model):
    """The bytes of a tflite file with the graph and the weights of the ONNX model."""
    nodes = list(model.graph.node)
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    side = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    builder = Builder([1, side[2], side[3], side[1]])
    tensors = {model.graph.input[0].name: builder.last}  # by the name in the ONNX graph
    for i, node in enumerate(nodes):
        clipped = i + 1 < len(nodes) and nodes[i + 1].op_type == "Clip"
        if node.op_type == "Clip":
            continue
        builder.last = tensors[node.input[0]]
        name = nodes[i + 1].output[0] if clipped else node.output[0]
        if node.op_type == "Conv":
            conv_of_onnx(builder, node, values, clipped, name)
        elif node.op_type == "Add":
            builder.last = tensors[node.input[1]]  # as in Google's files: the block's own result first
            builder.add(name, tensors[node.input[0]])
        elif node.op_type == "GlobalAveragePool":
            builder.average_pool(name)
        else:
            assert node.op_type == "Flatten", node.op_type
            builder.row_and_softmax(builder.shape()[3], "MobilenetV2/Logits/Squeeze", "MobilenetV2/Predictions/Reshape_1")
        tensors[name] = builder.last
    return builder.file()


def conv_of_onnx(builder, node, values, clipped, name):
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    weight, bias = values[node.input[1]], values[node.input[2]]
    depthwise = attributes["group"] > 1
    order = (1, 2, 3, 0) if depthwise else (0, 2, 3, 1)
    weight = weight.transpose(order).astype("<f4")
    named = name if clipped else name + "/BatchNorm/FusedBatchNorm"
    inputs = [builder.tensor(f"{node.output[0]}/weights", weight.shape, weight.tobytes()),
              builder.tensor(f"{named}_bias", bias.shape, bias.astype("<f4").tobytes())]
    stride = attributes["strides"][0]
    activation = converter.RELU6 if clipped else converter.NO_ACTIVATION
    _, height, width, _ = builder.shape()
    out = weight.shape[3] if depthwise else weight.shape[0]
    options = {0: ("b", converter.SAME), 1: ("i", stride), 2: ("i", stride)}
    options.update({3: ("i", 1), 4: ("b", activation)} if depthwise else {3: ("b", activation)})
    builder.operator(converter.DEPTHWISE_CONV_2D if depthwise else converter.CONV_2D, named,
                     [1, -(-height // stride), -(-width // stride), out], inputs, options)


def archive_of(members):
    """A .tgz with [(name, bytes)], the same bytes every time."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def main(arguments):
    if len(arguments) != 2:
        print("usage: tflite_writer.py IN.onnx OUT.tflite|OUT.tgz", file=sys.stderr)
        return 2
    data = tflite_of_onnx(onnx.load(arguments[0]))
    if arguments[1].endswith(".tgz"):
        data = archive_of([("./mobilenet_v2_1.0_224.ckpt.index", b"index"), ("./" + MEMBER, data),
                           ("./mobilenet_v2_1.0_224_info.txt", b"info")])
    with open(arguments[1], "wb") as file:
        file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
