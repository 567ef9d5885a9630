#!/usr/bin/env python3
"""Writes warmth.onnx, a network that says how warm a photo's colours are: 100 times mean red less mean blue, so 100 for
a photo all red, 0 for any grey, -100 for one all blue.

    python3 docs/scorers/warmth.py > docs/scorers/warmth.onnx
    lookalike --score network:docs/scorers/warmth.onnx --tag flower --provider folder:Pictures

Three numbers make another network of it, what full red, green and blue count: -50 100 -50 looks for green.
An ONNX file is a protocol buffer, and one of three operations needs no library to write it. What a training program
exports is used the same way, as long as it takes one image (1 x 3 x size x size) and gives one number.
"""
import struct
import sys

SIZE = 128  # the photo is stretched to so many pixels either way
# How pixels reach a network that no catalogue describes: (value / 255 - MEAN) / SPREAD, red, green, blue.
MEAN = [0.485, 0.456, 0.406]
SPREAD = [0.229, 0.224, 0.225]


def varint(number):
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def integer(field, number):
    return varint(field << 3) + varint(number)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(name, shape):  # of 32-bit floats
    dimensions = b"".join(block(1, integer(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, integer(1, 1) + block(2, dimensions)))


def weights(name, shape, numbers):
    lengths = b"".join(integer(1, size) for size in shape)
    return lengths + integer(2, 1) + block(8, name) + block(9, struct.pack(f"<{len(numbers)}f", *numbers))


def node(operation, inputs, output, attributes=b""):
    names = b"".join(block(1, name) for name in inputs) + block(2, output) + block(3, output)
    return names + block(4, operation) + attributes


def integers(name, numbers):  # an attribute
    return block(5, block(1, name) + b"".join(integer(8, number) for number in numbers) + integer(20, 7))


def network(colours):
    gains = [colour * spread for colour, spread in zip(colours, SPREAD)]
    offset = sum(colour * mean for colour, mean in zip(colours, MEAN))
    graph = (
        block(1, node("GlobalAveragePool", ["image"], "mean_colour"))  # 1 x 3 x 1 x 1
        + block(1, node("Conv", ["mean_colour", "gains", "offset"], "weighed", integers("kernel_shape", [1, 1])))
        + block(1, node("Flatten", ["weighed"], "warmth"))  # 1 x 1: the one output
        + block(2, "warmth")
        + block(5, weights("gains", [1, 3, 1, 1], gains))
        + block(5, weights("offset", [1], [offset]))
        + block(11, value("image", [1, 3, SIZE, SIZE]))
        + block(12, value("warmth", [1, 1]))
    )
    return integer(1, 4) + block(7, graph) + block(8, block(1, "") + integer(2, 9))  # opset 9


numbers = [float(number) for number in sys.argv[1:]] or [100, 0, -100]
if len(numbers) != 3:
    sys.exit("usage: warmth.py [RED GREEN BLUE] > FILE.onnx")
sys.stdout.buffer.write(network(numbers))
