#!/usr/bin/env python3
"""Tests models/tflite_to_onnx.py: a small network of the same operators is built here, converted, and both are computed
with NumPy, the tflite graph as TensorFlow defines it (N,H,W,C, SAME padding) and the ONNX graph as onnx.proto does.

With the path of a tflite file as argument, that network is converted and compared instead.
Exit status 77: NumPy or onnx is not installed.
"""

import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models"))
import tflite_to_onnx as converter  # noqa: E402

try:
    import numpy as np
    import onnx
    from onnx import numpy_helper
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (Debian: python3-{missing.name})")
    sys.exit(77)

SCRIPT = os.path.abspath(converter.__file__)


# --- Building a tflite file -------------------------------------------------------------------------------------------


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
        self.codes = [converter.CONV_2D, converter.DEPTHWISE_CONV_2D, converter.AVERAGE_POOL_2D, converter.RESHAPE,
                      converter.SOFTMAX]
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

    def finish(self):
        _, height, width, depth = self.shape()
        self.operator(converter.AVERAGE_POOL_2D, "MobilenetV1/Logits/AvgPool_1a/AvgPool", [1, 1, 1, depth], [],
                      {0: ("b", converter.VALID), 1: ("i", 2), 2: ("i", 2), 3: ("i", width), 4: ("i", height)})
        self.convolution("Logits", 5, 1, 1, activation=converter.NO_ACTIVATION)
        row = self.tensor("shape", [2], struct.pack("<2i", -1, 5), kind=2)
        self.operator(converter.RESHAPE, "reshape", [1, 5], [row], {0: ("ints", [-1, 5])})
        self.operator(converter.SOFTMAX, "softmax", [1, 5], [], {0: ("f", 1.0)})

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


def small_network(height=14, width=17):
    builder = Builder([1, height, width, 3])
    builder.convolution("Conv2d_0", 6, 3, 2)
    builder.convolution("Conv2d_1_depthwise", 0, 3, 1, depthwise=True)
    builder.convolution("Conv2d_1_pointwise", 8, 1, 1)
    builder.convolution("Conv2d_2_depthwise", 0, 3, 2, depthwise=True)
    builder.convolution("Conv2d_2_pointwise", 7, 1, 1)
    builder.finish()
    return builder


# --- Computing both graphs --------------------------------------------------------------------------------------------


def constant(tensor):
    return np.frombuffer(tensor.data, "<f4").reshape(tensor.shape).astype(np.float64)


def compute_tflite(network, picture):
    """Every tensor by its index; N,H,W,C. With SAME padding the output has ceil(size / stride) rows and columns."""
    values = {network.inputs[0]: picture.astype(np.float64)}
    for operator in network.operators:
        source = values[operator.inputs[0]]
        options = operator.options
        if operator.kind in (converter.CONV_2D, converter.DEPTHWISE_CONV_2D):
            depthwise = operator.kind == converter.DEPTHWISE_CONV_2D
            weight = constant(network.tensors[operator.inputs[1]])
            bias = constant(network.tensors[operator.inputs[2]])
            stride = options.scalar(1, "<i", 0)
            kernel = weight.shape[1]
            rows, columns = -(-source.shape[1] // stride), -(-source.shape[2] // stride)
            down = max((rows - 1) * stride + kernel - source.shape[1], 0)
            across = max((columns - 1) * stride + kernel - source.shape[2], 0)
            rows_around, columns_around = (down // 2, down - down // 2), (across // 2, across - across // 2)
            padded = np.pad(source, ((0, 0), rows_around, columns_around, (0, 0)))
            result = np.zeros((1, rows, columns, bias.size))
            for y in range(kernel):
                for x in range(kernel):
                    part = padded[:, y:y + rows * stride:stride, x:x + columns * stride:stride, :][:, :rows, :columns]
                    result += part * weight[0, y, x] if depthwise else part @ weight[:, y, x, :].T
            result += bias
            if options.scalar(4 if depthwise else 3, "<b", 0) == converter.RELU6:
                result = np.clip(result, 0, 6)
        elif operator.kind == converter.AVERAGE_POOL_2D:
            result = source.mean(axis=(1, 2), keepdims=True)
        elif operator.kind == converter.RESHAPE:
            result = source.reshape(1, -1)
        else:
            powers = np.exp(source - source.max())
            result = powers / powers.sum()
        values[operator.outputs[0]] = result
    return values


def onnx_convolution(source, weight, bias, attributes):
    top, left, bottom, right = attributes["pads"]
    stride_h, stride_w = attributes["strides"]
    padded = np.pad(source, ((0, 0), (0, 0), (top, bottom), (left, right)))
    out, depth, kernel_h, kernel_w = weight.shape
    rows = (padded.shape[2] - kernel_h) // stride_h + 1
    columns = (padded.shape[3] - kernel_w) // stride_w + 1
    group = attributes["group"]
    result = np.zeros((1, out, rows, columns))
    for y in range(kernel_h):
        for x in range(kernel_w):
            part = padded[0, :, y:y + (rows - 1) * stride_h + 1:stride_h, x:x + (columns - 1) * stride_w + 1:stride_w]
            if group == 1:
                result[0] += np.tensordot(weight[:, :, y, x], part, axes=1)
            else:
                result[0] += part * weight[:, 0, y, x][:, None, None]
    return result + bias[None, :, None, None]


def compute_onnx(model, picture):
    """Every tensor by its name; N,C,H,W."""
    values = {t.name: numpy_helper.to_array(t).astype(np.float64) for t in model.graph.initializer}
    values[model.graph.input[0].name] = picture.astype(np.float64)
    for node in model.graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        inputs = [values[name] for name in node.input]
        if node.op_type == "Conv":
            result = onnx_convolution(*inputs, attributes)
        elif node.op_type == "Clip":
            result = np.clip(inputs[0], attributes["min"], attributes["max"])
        elif node.op_type == "GlobalAveragePool":
            result = inputs[0].mean(axis=(2, 3), keepdims=True)
        elif node.op_type == "Flatten":
            result = inputs[0].reshape(inputs[0].shape[0], -1)
        elif node.op_type == "Softmax":
            powers = np.exp(inputs[0] - inputs[0].max())
            result = powers / powers.sum()
        else:
            raise AssertionError(f"{node.op_type} should not be in the graph")
        values[node.output[0]] = result
    return values


def compare(data, seed=3):
    """The greatest relative difference over the four outputs."""
    network = converter.read_network(data)
    model = onnx.load_model_from_string(converter.convert(data))
    picture = np.random.default_rng(seed).uniform(-1, 1, network.tensors[network.inputs[0]].shape)
    expected = compute_tflite(network, picture)
    found = compute_onnx(model, picture.transpose(0, 3, 1, 2))
    pool = next(o for o in network.operators if o.kind == converter.AVERAGE_POOL_2D)
    reshape = next(o for o in network.operators if o.kind == converter.RESHAPE)
    pairs = zip([pool.inputs[0], pool.outputs[0], reshape.outputs[0], network.outputs[0]], model.graph.output)
    worst = 0.0
    for index, output in pairs:
        wanted = expected[index]
        wanted = wanted.transpose(0, 3, 1, 2) if wanted.ndim == 4 else wanted
        given = found[output.name]
        assert given.shape == wanted.shape, (output.name, given.shape, wanted.shape)
        worst = max(worst, float(np.abs(given - wanted).max() / np.abs(wanted).max()))
    return worst


# --- Tests ------------------------------------------------------------------------------------------------------------


class TfliteToOnnx(unittest.TestCase):
    def test_both_graphs_give_the_same(self):
        for height, width in [(14, 17), (15, 16), (16, 16), (9, 32)]:
            with self.subTest(height=height, width=width):
                self.assertLess(compare(small_network(height, width).file()), 1e-9)

    def test_result_is_valid_onnx_that_opencv_reads(self):
        model = onnx.load_model_from_string(converter.convert(small_network().file()))
        onnx.checker.check_model(model, full_check=True)
        self.assertEqual([o.version for o in model.opset_import], [10])
        self.assertLessEqual(model.ir_version, 5)
        self.assertEqual([o.name for o in model.graph.output],
                         ["MobilenetV1/Conv2d_2_pointwise/Relu6", "MobilenetV1/Logits/AvgPool_1a/AvgPool", "logits",
                          "probabilities"])
        self.assertEqual([d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim], [1, 3, 14, 17])
        for node in model.graph.node:
            self.assertEqual(node.name, node.output[0])
            if node.op_type == "Clip":
                self.assertEqual(len(node.input), 1)

    def test_padding_of_even_sizes_at_stride_two_is_after(self):
        model = onnx.load_model_from_string(converter.convert(small_network(14, 17).file()))
        first = {a.name: onnx.helper.get_attribute_value(a) for a in model.graph.node[0].attribute}
        self.assertEqual(first["pads"], [0, 1, 1, 1])

    def test_bytes_are_the_same_every_time(self):
        data = small_network().file()
        self.assertEqual(converter.convert(data), converter.convert(data))

    def test_command_converts(self):
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "in.tflite"), os.path.join(folder, "out.onnx")
            data = small_network().file()
            with open(source, "wb") as file:
                file.write(data)
            done = subprocess.run([sys.executable, "-I", "-B", SCRIPT, source, target], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            with open(target, "rb") as file:
                self.assertEqual(file.read(), converter.convert(data))

    def test_command_says_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "in.tflite"), os.path.join(folder, "out.onnx")
            with open(source, "wb") as file:
                file.write(b"not a network at all")
            for arguments, status, words in [([source, target], 1, "not a TensorFlow Lite file"),
                                             ([folder + "/none", target], 1, "No such file"), ([source], 2, "usage")]:
                done = subprocess.run([sys.executable, SCRIPT] + arguments, capture_output=True, text=True)
                self.assertEqual(done.returncode, status)
                self.assertIn(words, done.stderr)
                self.assertNotIn("Traceback", done.stderr)
            self.assertFalse(os.path.exists(target))

    def test_truncated_files_are_refused(self):
        data = small_network().file()
        for size in list(range(0, 400)) + list(range(400, len(data), 37)):
            try:
                converter.convert(data[:size])
            except converter.ConversionError:
                continue
            # What is missing may only be padding behind the last weight.
            self.assertGreater(size, len(data) - 8)

    def test_damaged_files_never_end_in_another_error(self):
        data = small_network().file()
        generator = random.Random(5)
        for _ in range(4000):
            damaged = bytearray(data)
            for _ in range(generator.randint(1, 4)):
                # Most of the file is weights; the structure is where damage hurts.
                damaged[generator.randrange(len(damaged))] = generator.randrange(256)
            try:
                converter.convert(bytes(damaged))
            except converter.ConversionError:
                pass

    def test_other_networks_are_refused(self):
        def message(builder):
            with self.assertRaises(converter.ConversionError) as caught:
                converter.convert(builder.file())
            return str(caught.exception)

        quantized = small_network()
        quantized.tensors[0][1] = ("b", 3)
        self.assertIn("float32", message(quantized))
        unknown = small_network()
        unknown.codes[0] = 99
        self.assertIn("operator number 99", message(unknown))
        headless = Builder([1, 8, 8, 3])
        headless.convolution("Conv2d_0", 4, 3, 2)
        self.assertIn("does not end in", message(headless))
        wrong = small_network()
        wrong.tensors[1][0] = ("ints", [6, 3, 3, 2])
        self.assertIn("holds", message(wrong))
        tanh = Builder([1, 8, 8, 3])
        tanh.convolution("Conv2d_0", 4, 3, 2, activation=4)
        self.assertIn("activation 4", message(tanh))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        with open(sys.argv[1], "rb") as given:
            difference = compare(given.read())
        print(f"greatest relative difference {difference:.2e}")
        sys.exit(0 if difference < 1e-4 else 1)
    unittest.main()
