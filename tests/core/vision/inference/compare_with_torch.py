#!/usr/bin/env python3
"""Runs the networks of torchvision that the catalogue names, with random weights, and compares with torch.

compare_with_torch.py [--quick] [--folder FOLDER] PROBE [NETWORK]...

PROBE is the program of network_probe.cc. Each network is exported as people export them: several opsets, constants
folded or not, batch norms folded or not, and as later exporters write the same (axes as inputs, averages that count the
border). The output must agree with torch's own, and layers along the way with onnx_reference.py, at 1e-4 of the largest
value. --quick: a few variants of three of them. Exit 77 where torch is not installed.
"""
import argparse
import collections
import os
import subprocess
import sys
import tempfile
import time
import warnings

os.environ.setdefault('OMP_NUM_THREADS', '1')
try:
    import numpy as np
    import onnx
    import torch
    import torchvision
    from onnx import helper, numpy_helper
except ImportError as error:
    print(f'skipped: {error} (Debian: python3-torch python3-torchvision python3-onnx)')
    sys.exit(77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import onnx_reference  # noqa: E402

warnings.filterwarnings('ignore')
TOLERANCE = 1e-4
SIZES = {'inception_v3': 299}
MODELS = ['resnet18', 'resnet50', 'inception_v3', 'efficientnet_v2_s']
QUICK = {'resnet18': ['opset13_norms', 'opset18'], 'inception_v3': ['opset9', 'opset17'], 'efficientnet_v2_s': ['opset18']}


def built(name):
    """With batch norms whose averages fit the weights, so that values neither explode nor vanish."""
    torch.manual_seed(1)
    options = {'init_weights': False, 'transform_input': True} if name == 'inception_v3' else {}
    network = getattr(torchvision.models, name)(weights=None, **options)
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # the plain average
        torch.nn.init.uniform_(norm.weight, 0.6, 1.4)
        torch.nn.init.uniform_(norm.bias, -0.3, 0.3)
    network.train()
    with torch.no_grad():
        network(torch.randn(4, 3, 299 if name == 'inception_v3' else 128, 299 if name == 'inception_v3' else 128))
    return network.eval()


def exported(network, size, path, opset, fold_constants=True, fold_norms=True):
    mode = torch.onnx.TrainingMode.EVAL if fold_norms else torch.onnx.TrainingMode.PRESERVE
    torch.onnx.export(network, torch.zeros(1, 3, size, size), path, opset_version=opset, input_names=['image'],
                      output_names=['classes'], do_constant_folding=fold_constants, training=mode)
    return onnx.load(path)


def readers_of(graph, tensor):
    return [n for n in graph.node if tensor in n.input]


def with_axes_as_inputs(model):
    """Opset 18: a mean over the places in place of each pool over all of them, its axes an input."""
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array([2, 3], dtype=np.int64), 'both_sides'))
    for node in graph.node:
        if node.op_type == 'GlobalAveragePool':
            node.op_type = 'ReduceMean'
            node.input.append('both_sides')
            node.attribute.append(helper.make_attribute('keepdims', 1))
    model.opset_import[0].version = 18
    return model


def with_borders_that_count(model):
    """Opset 17: averages with pads that count as zeros, in place of a Pad before each (as timm's InceptionV3 has them)."""
    graph = model.graph
    producer = {o: n for n in graph.node for o in n.output}
    for node in [n for n in graph.node if n.op_type == 'AveragePool']:
        pad = producer.get(node.input[0])
        if pad is None or pad.op_type != 'Pad':
            continue
        node.input[0] = pad.input[0]
        kept = [a for a in node.attribute if a.name not in ('pads', 'count_include_pad')]
        del node.attribute[:]
        node.attribute.extend(kept + [helper.make_attribute('pads', [1, 1, 1, 1]),
                                      helper.make_attribute('count_include_pad', 1)])
        graph.node.remove(pad)
    model.opset_import[0].version = 17
    return model


def kinds_of(name, quick):
    if quick:
        return QUICK.get(name, [])
    return [f'opset{opset}' for opset in range(9, 17)] + ['opset13_norms', 'opset17', 'opset18']


def made(network, size, path, kind):
    """Constants are folded in the exports of even opsets."""
    if kind == 'opset13_norms':
        return exported(network, size, path, 13, fold_norms=False)
    if kind in ('opset17', 'opset18'):
        model = exported(network, size, path, 16)
        (with_borders_that_count if kind == 'opset17' else with_axes_as_inputs)(model)
        onnx.save(model, path)
        return model
    opset = int(kind[5:])
    return exported(network, size, path, opset, fold_constants=opset % 2 == 0)


def probed(probe, path, image, size, engine, layers=()):
    """[(name, engine, values)], or the reason why not."""
    done = subprocess.run([probe, path, image, str(size), engine, *layers], capture_output=True, check=False)
    if done.returncode != 0:
        return done.stderr.decode().strip()
    results, rest = [], done.stdout
    while rest:
        line, rest = rest.split(b'\n', 1)
        name, count, ran = line.decode().rsplit(' ', 2)
        results.append((name, ran, np.frombuffer(rest[:4 * int(count)], dtype=np.float32)))
        rest = rest[4 * int(count):]
    return results


def as_written(tensor):
    """Planes in H, W, C order, as an embedding has them."""
    return (tensor.permute(0, 2, 3, 1) if tensor.dim() == 4 else tensor).reshape(-1).numpy()


def difference(ours, reference):
    if ours.shape != reference.shape:
        return float('inf')
    return float(np.abs(ours - reference).max() / max(np.abs(reference).max(), 1e-9))


def names_of_layers(model, count):
    """The nodes that compute something, some of them from all along the way."""
    computing = [n for n in model.graph.node if n.op_type not in ('Identity', 'Constant', 'Shape')]
    step = max(1, len(computing) // count)
    chosen = computing[::step] + [n for n in computing if n.op_type in ('Concat', 'Pad', 'Gather', 'Unsqueeze')]
    return [(n.name or n.output[0], n.output[0]) for n in chosen]


def compare(probe, network, name, folder, quick):
    size = SIZES.get(name, 224)
    pixels = np.random.RandomState(2).randint(0, 256, (size, size, 3), dtype=np.uint8)
    image_file = os.path.join(folder, 'image.rgb')
    pixels.tofile(image_file)
    image = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None].contiguous()
    with torch.no_grad():
        expected = network(image).reshape(-1).numpy()
    bad = 0
    for kind in kinds_of(name, quick):
        path = os.path.join(folder, f'{kind}.onnx')
        model = made(network, size, path, kind)
        operators = collections.Counter(n.op_type for n in model.graph.node)
        begin = time.time()
        results = probed(probe, path, image_file, size, 'fastest')
        seconds = time.time() - begin
        if isinstance(results, str):
            print(f'{name} {kind}: FAILED: {results}')
            bad += 1
            continue
        (layer, engine, embedding), (_, _, output) = results
        far = difference(output, expected)
        worst, worst_layer = 0.0, ''
        reference = onnx_reference.values_of(model, image)
        layers = names_of_layers(model, 6 if quick else 40)
        along = probed(probe, path, image_file, size, 'fastest', [n for n, _ in layers])
        if isinstance(along, str):
            print(f'{name} {kind}: FAILED: {along}')
            bad += 1
            continue
        for (_, _, values), (node, tensor) in zip(along, layers):
            apart = difference(values, as_written(reference[tensor]))
            if apart >= worst:
                worst, worst_layer = apart, node
        fine = far < TOLERANCE and worst < TOLERANCE and engine == 'XNNPACK'
        bad += not fine
        print(f'{name} {kind}: {"ok" if fine else "FAILED"}: by {engine}, output {far:.1e}, {len(layers)} layers up to '
              f'{worst:.1e} ({worst_layer}), default layer {layer} of {embedding.size}, {len(output)} classes, '
              f'{seconds:.2f} s for both; {dict(operators) if not quick else ""}', flush=True)
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--folder')
    parser.add_argument('probe')
    parser.add_argument('networks', nargs='*')
    options = parser.parse_args()
    torch.set_num_threads(1)
    bad = 0
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.networks or (QUICK if options.quick else MODELS):
            folder = os.path.join(options.folder or temporary, name)
            os.makedirs(folder, exist_ok=True)
            bad += compare(options.probe, built(name), name, folder, options.quick)
    sys.exit(bad != 0)


if __name__ == '__main__':
    main()
