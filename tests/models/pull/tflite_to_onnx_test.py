#!/usr/bin/env python3
"""Tests models/tflite_to_onnx.py: a small network of the same operators is built here, converted, and both are computed
with NumPy, the tflite graph as TensorFlow defines it (N,H,W,C, SAME padding) and the ONNX graph as onnx.proto does.

With the path of a tflite file as argument, that network is converted and compared instead.
Exit status 77: NumPy or onnx is not installed.
"""

import gzip
import hashlib
import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "models")]
import tflite_to_onnx as converter  # noqa: E402

from tflite_writer import Builder, archive_of, tflite_of_onnx  # noqa: E402 (skips without NumPy or onnx)
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import numpy_helper  # noqa: E402

SCRIPT = os.path.abspath(converter.__file__)


# --- Networks ---------------------------------------------------------------------------------------------------------


def small_network(height=14, width=17):
    builder = Builder([1, height, width, 3])
    builder.convolution("Conv2d_0", 6, 3, 2)
    builder.convolution("Conv2d_1_depthwise", 0, 3, 1, depthwise=True)
    builder.convolution("Conv2d_1_pointwise", 8, 1, 1)
    builder.convolution("Conv2d_2_depthwise", 0, 3, 2, depthwise=True)
    builder.convolution("Conv2d_2_pointwise", 7, 1, 1)
    builder.finish()
    return builder


def small_mobilenet_v2(height=14, width=17, softmax_first=False):
    """Four blocks of MobileNetV2: without expansion, at stride 2, with its input added, and the last."""
    builder = Builder([1, height, width, 3], seed=4)
    linear = converter.NO_ACTIVATION
    builder.convolution("a", 6, 3, 2)
    builder.convolution("b", 0, 3, 1, depthwise=True)
    builder.convolution("c", 4, 1, 1, activation=linear)
    builder.convolution("d", 12, 1, 1)
    builder.convolution("e", 0, 3, 2, depthwise=True)
    builder.convolution("f", 5, 1, 1, activation=linear)
    before = builder.last
    builder.convolution("g", 15, 1, 1)
    builder.convolution("h", 0, 3, 1, depthwise=True)
    builder.convolution("i", 5, 1, 1, activation=linear)
    builder.add("j", before)
    builder.convolution("k", 15, 1, 1)
    builder.convolution("l", 0, 3, 1, depthwise=True)
    builder.convolution("m", 7, 1, 1, activation=linear)
    builder.convolution("n", 16, 1, 1)
    builder.finish(softmax_first)
    return builder


def reference_file():
    """Where the TF-Slim network lies as ONNX on this machine, or None."""
    folders = os.environ.get("LOOKALIKE_MODELS", "").split(":")
    if os.environ.get("LOOKALIKE_SHARED"):
        folders.append(os.path.join(os.environ["LOOKALIKE_SHARED"], "models"))
    paths = [os.path.join(folder, "mobilenet_v2_1.0_224.onnx") for folder in folders if folder]
    return next((path for path in paths if os.path.isfile(path) and is_reference(path)), None)


def is_reference(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest().startswith("9a237f3cdf76ec2b485fcc854d9ce32dd")


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
        elif operator.kind == converter.ADD:
            result = source + values[operator.inputs[1]]
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
        elif node.op_type == "Add":
            result = inputs[0] + inputs[1]
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
    """The greatest relative difference over all layers, which both graphs compute in the same order."""
    network = converter.read_network(data)
    model = onnx.load_model_from_string(converter.convert(data))
    picture = np.random.default_rng(seed).uniform(-1, 1, network.tensors[network.inputs[0]].shape)
    expected = compute_tflite(network, picture)
    found = compute_onnx(model, picture.transpose(0, 3, 1, 2))
    results = iter(model.graph.node)
    worst = 0.0
    for operator in network.operators:
        wanted = expected[operator.outputs[0]]
        wanted = wanted.transpose(0, 3, 1, 2) if wanted.ndim == 4 else wanted
        # Where the ONNX graph has a step of its own (a convolution before its activation, a row before the softmax) the
        # shape or the values tell; a reshape of a row has none.
        for node in results:
            given = found[node.output[0]]
            difference = relative_difference(given, wanted)
            if difference < 1e-3:
                worst = max(worst, difference)
                break
        else:
            if operator.kind != converter.RESHAPE:
                raise AssertionError(f"nothing computes '{network.tensors[operator.outputs[0]].name}'")
    return worst


def relative_difference(given, wanted):
    if given.size != wanted.size:
        return float("inf")
    return float(np.abs(given.ravel() - wanted.ravel()).max() / np.abs(wanted).max())


# --- Tests ------------------------------------------------------------------------------------------------------------


class TfliteToOnnx(unittest.TestCase):
    def test_both_graphs_give_the_same(self):
        for height, width in [(14, 17), (15, 16), (16, 16), (9, 32)]:
            with self.subTest(height=height, width=width):
                self.assertLess(compare(small_network(height, width).file()), 1e-9)

    def test_both_graphs_of_mobilenet_v2_give_the_same(self):
        for height, width in [(14, 17), (15, 16), (9, 32)]:
            for softmax_first in (False, True):
                with self.subTest(height=height, width=width, softmax_first=softmax_first):
                    self.assertLess(compare(small_mobilenet_v2(height, width, softmax_first).file()), 1e-9)

    def test_layers_of_mobilenet_v2_are_named_by_their_place(self):
        model = onnx.load_model_from_string(converter.convert(small_mobilenet_v2().file()))
        onnx.checker.check_model(model, full_check=True)
        names = [node.name for node in model.graph.node]
        block = "MobilenetV2/expanded_conv_3/"
        for name in ["MobilenetV2/Conv", "MobilenetV2/Conv/Relu6", "MobilenetV2/expanded_conv/depthwise/Relu6",
                     "MobilenetV2/expanded_conv/project", "MobilenetV2/expanded_conv_1/expand",
                     "MobilenetV2/expanded_conv_2/add", block + "expand/Relu6", block + "depthwise", block + "project",
                     "MobilenetV2/Conv_1/Relu6", "MobilenetV2/Logits/Conv2d_1c_1x1"]:
            self.assertIn(name, names)
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([o.name for o in model.graph.output],
                         [block + "project", "MobilenetV2/Logits/AvgPool", "logits", "probabilities"])
        self.assertEqual([t.name for t in model.graph.initializer][:2],
                         ["MobilenetV2/Conv/weights", "MobilenetV2/Conv/bias"])

    def test_size_of_mobilenet_v2_does_not_depend_on_the_names_in_the_file(self):
        longer = small_mobilenet_v2()
        for tensor in longer.tensors:
            tensor[3] = ("bytes", b"another/and/much/longer/" + tensor[3][1])
        self.assertEqual(len(converter.convert(longer.file())), len(converter.convert(small_mobilenet_v2().file())))

    def test_mark_names_the_source_and_what_is_before_it(self):
        data = small_mobilenet_v2().file()
        result = converter.convert(data)
        model = onnx.load_model_from_string(result)
        self.assertEqual([p.key for p in model.metadata_props], ["lookalike_mark"])
        source, before = model.metadata_props[0].value.split(" ")
        self.assertEqual(source, hashlib.sha256(data).hexdigest())
        self.assertEqual(before, hashlib.sha256(result[:-151]).hexdigest())
        self.assertTrue(result.endswith(model.metadata_props[0].value.encode()))

    # The network of the original program, written as a tflite file and converted back: every layer, feature and class.
    def test_mobilenet_v2_of_tf_slim_survives_the_way_there_and_back(self):
        path = reference_file()
        if path is None:
            self.skipTest("mobilenet_v2_1.0_224.onnx of TF-Slim is not on this machine (LOOKALIKE_MODELS)")
        reference = onnx.load(path)
        data = tflite_of_onnx(reference)
        network = converter.read_network(data)
        self.assertEqual(len(network.operators), 66)
        result = converter.convert(data)
        self.assertEqual(len(result), 13985346)  # "result_bytes" in models/catalogue.json
        model = onnx.load_model_from_string(result)
        self.assertEqual([n.output[0] for n in model.graph.node if n.op_type != "Softmax"],
                         [n.output[0] for n in reference.graph.node])
        picture = np.random.default_rng(9).uniform(-1, 1, (1, 3, 224, 224))
        wanted, given = compute_onnx(reference, picture), compute_onnx(model, picture)
        for node in reference.graph.node:
            self.assertLess(relative_difference(given[node.output[0]], wanted[node.output[0]]), 1e-12, node.output[0])
        self.assertEqual(given["MobilenetV2/expanded_conv_16/project"].shape, (1, 320, 7, 7))
        self.assertEqual(given["logits"].shape, (1, 1001))
        self.assertEqual(list(np.argsort(given["probabilities"][0])[-10:]), list(np.argsort(wanted["logits"][0])[-10:]))

    def test_misplaced_operators_of_mobilenet_v2_are_refused(self):
        def message(change):
            builder = small_mobilenet_v2()
            change(builder)
            with self.assertRaises(converter.ConversionError) as caught:
                converter.convert(builder.file())
            return str(caught.exception)

        def activated_add(builder):
            add = next(o for o in builder.operators if o[0][1] == builder.codes.index(converter.ADD))
            add[4] = ("table", {0: ("b", converter.RELU)})

        def uneven_add(builder):
            add = next(o for o in builder.operators if o[0][1] == builder.codes.index(converter.ADD))
            add[1] = ("ints", [add[1][1][0], builder.input])

        self.assertIn("activation 1", message(activated_add))
        self.assertIn("shapes", message(uneven_add))
        self.assertIn("is not where MobileNetV2 has one", message(lambda b: b.operators.pop(1)))
        self.assertIn("is not where MobileNetV2 has one", message(lambda b: b.operators.insert(0, b.operators[9])))

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

    def test_member_of_an_archive_is_converted(self):
        data = small_mobilenet_v2().file()
        members = [("../net.tflite", b"elsewhere"), ("/net.tflite", b"elsewhere"), ("a/net.tflite", b"another"),
                   ("net.tflite.txt", b"x" * 1000), ("./net.tflite", data), ("net.tflite", b"a second one")]
        self.assertEqual(self.converted_archive(archive_of(members), "net.tflite"), converter.convert(data))

    # Names that lead out of the folder, links and devices have no power: nothing but the output is written.
    def test_nothing_of_an_archive_is_unpacked(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, kind, target in [("net.tflite", tarfile.SYMTYPE, "/etc/passwd"), ("l", tarfile.LNKTYPE, "../in"),
                                       ("net.tflite", tarfile.FIFOTYPE, ""), ("../escaped", tarfile.REGTYPE, ""),
                                       ("long" * 60, tarfile.REGTYPE, "")]:
                info = tarfile.TarInfo(name)
                info.type, info.linkname = kind, target
                archive.addfile(info)
            data = small_network().file()
            info = tarfile.TarInfo("net.tflite")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        self.assertEqual(self.converted_archive(out.getvalue(), "net.tflite"), converter.convert(data))

    def test_damaged_archives_are_refused(self):
        data = archive_of([("other", b"y" * 5000), ("net.tflite", small_network().file())])
        unpacked = bytearray(gzip.decompress(data))
        for archive, words in [(data[:len(data) // 2], "damaged"), (data[:4], "damaged"), (b"\x1f\x8bno gzip", "damaged"),
                               (gzip.compress(bytes(unpacked[:9000])), "ends early"),
                               (gzip.compress(b"z" * 600), "not octal"),
                               (gzip.compress(bytes(unpacked[:1]) + b"!" + bytes(unpacked[2:])), "checksum"),
                               (archive_of([("other", b"1")]), "no file 'net.tflite'"), (gzip.compress(b""), "ends early"),
                               (b"", "ends early"), (b"plain", "damaged")]:
            with self.subTest(words=words):
                self.assertIn(words, self.failed_archive(archive))

    def test_archives_are_unpacked_to_a_limit(self):
        before = converter.MAX_UNPACKED, converter.MAX_FILE
        bomb = archive_of([("zeros", bytes(3_000_000)), ("net.tflite", small_network().file())])
        large = archive_of([("net.tflite", bytes(3_000_000))])
        try:
            converter.MAX_UNPACKED, converter.MAX_FILE = 2_000_000, 1_000_000
            for archive, words in [(bomb, "more than 2000000 bytes"), (large, "larger than 1000000 bytes")]:
                with tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, "in.tgz")
                    with open(path, "wb") as file:
                        file.write(archive)
                    with self.assertRaises(converter.ConversionError) as caught:
                        converter.read_member(path, "net.tflite")
                    self.assertIn(words, str(caught.exception))
        finally:
            converter.MAX_UNPACKED, converter.MAX_FILE = before

    def run_on_archive(self, archive, arguments):
        """Exit status, messages, what was written, and the names in the folder around it."""
        with tempfile.TemporaryDirectory() as around:
            folder = os.path.join(around, "in", "side")
            os.makedirs(folder)
            source, target = os.path.join(folder, "in.tgz"), os.path.join(folder, "out.onnx")
            with open(source, "wb") as file:
                file.write(archive)
            done = subprocess.run([sys.executable, "-I", "-B", SCRIPT, source, target] + arguments, cwd=folder,
                                  capture_output=True, text=True)
            names = sorted(name for _, folders, files in os.walk(around) for name in folders + files)
            written = None
            if os.path.exists(target):
                with open(target, "rb") as file:
                    written = file.read()
        return done, written, names

    def converted_archive(self, archive, member):
        done, written, names = self.run_on_archive(archive, ["--member", member])
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(names, ["in", "in.tgz", "out.onnx", "side"])
        return written

    def failed_archive(self, archive):
        done, written, names = self.run_on_archive(archive, ["--member", "net.tflite"])
        self.assertEqual((done.returncode, written, names), (1, None, ["in", "in.tgz", "side"]))
        self.assertNotIn("Traceback", done.stderr)
        return done.stderr

    def test_archive_without_a_member_says_how_to_name_it(self):
        done, _, _ = self.run_on_archive(archive_of([("net.tflite", b"1")]), [])
        self.assertEqual(done.returncode, 1)
        self.assertIn("--member", done.stderr)

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
        generator = random.Random(5)
        files = [small_network().file(), small_mobilenet_v2().file()]
        for i in range(6000):
            damaged = bytearray(files[i % 2])
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
        unknown.codes[1] = 99
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
