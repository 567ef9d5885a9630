"""What the nodes of an ONNX graph compute, by torch: the reference that networks are compared with.

Only what classifiers of images are made of, each operator as the file's opset means it. Needs python3-torch and
python3-onnx (Debian 12). Used by compare_with_torch.py.
"""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def attributes_of(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def padded(x, a, kernel, strides, dilations):
    """The input with the border that pads or auto_pad say, as zeros; and the same of ones, which are zero there."""
    automatic = a.get('auto_pad', b'NOTSET').decode()
    pads = a.get('pads', [0, 0, 0, 0])
    if automatic.startswith('SAME'):
        pads = [0, 0, 0, 0]
        for i in range(2):
            size = x.shape[2 + i]
            wanted = max((-(-size // strides[i]) - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - size, 0)
            small, large = wanted // 2, wanted - wanted // 2
            pads[i], pads[2 + i] = (small, large) if automatic == 'SAME_UPPER' else (large, small)
    if a.get('ceil_mode', 0):
        for i in range(2):
            steps = x.shape[2 + i] + pads[i] + pads[2 + i] - (kernel[i] - 1) * dilations[i] - 1
            pads[2 + i] += -steps % strides[i]
    return [pads[1], pads[3], pads[0], pads[2]]


def pooled(x, a, kind):
    kernel = a['kernel_shape']
    strides = a.get('strides', [1, 1])
    pads = padded(x, a, kernel, strides, [1, 1])
    if kind == 'max':
        return F.max_pool2d(F.pad(x, pads, value=-np.inf), kernel, strides)
    total = F.avg_pool2d(F.pad(x, pads), kernel, strides)
    if a.get('count_include_pad', 0):
        return total
    return total / F.avg_pool2d(F.pad(torch.ones_like(x), pads), kernel, strides)


def axes_of(a, inputs, at, opset, since):
    if opset >= since:
        return inputs[at].tolist() if len(inputs) > at and inputs[at] is not None else None
    return a.get('axes')


def reduced(x, axes, keep, how):
    axes = tuple(axes) if axes is not None else tuple(range(x.dim()))
    return {'mean': torch.mean, 'sum': torch.sum, 'max': torch.amax}[how](x, dim=axes, keepdim=bool(keep))


def sliced(x, starts, ends, axes, steps):
    for start, end, axis, step in zip(starts, ends, axes or range(len(starts)), steps or [1] * len(starts)):
        index = [slice(None)] * x.dim()
        index[axis] = slice(start, end, step)
        x = x[tuple(index)]
    return x


def computed(node, inputs, opset):
    a = attributes_of(node)
    x = inputs[0] if inputs else None
    op = node.op_type
    second = inputs[1] if len(inputs) > 1 else None
    third = inputs[2] if len(inputs) > 2 else None
    if op == 'Constant':
        return torch.from_numpy(np.array(numpy_helper.to_array(a['value']) if 'value' in a else list(a.values())[0]))
    if op == 'Conv':
        kernel, strides = second.shape[2:], a.get('strides', [1, 1])
        dilations = a.get('dilations', [1, 1])
        pads = padded(x, a, kernel, strides, dilations)
        return F.conv2d(F.pad(x, pads), second, third, strides, 0, dilations, a.get('group', 1))
    if op == 'Gemm':
        left = x.T if a.get('transA', 0) else x
        right = second.T if a.get('transB', 0) else second
        result = a.get('alpha', 1.0) * (left @ right)
        return result if third is None else result + a.get('beta', 1.0) * third
    if op == 'BatchNormalization':
        return F.batch_norm(x, inputs[3], inputs[4], second, third, False, 0, a.get('epsilon', 1e-5))
    if op in ('MaxPool', 'AveragePool'):
        return pooled(x, a, 'max' if op == 'MaxPool' else 'mean')
    if op in ('GlobalAveragePool', 'GlobalMaxPool'):
        return reduced(x, range(2, x.dim()), True, 'mean' if op == 'GlobalAveragePool' else 'max')
    if op in ('ReduceMean', 'ReduceMax', 'ReduceSum'):
        since = 13 if op == 'ReduceSum' else 18
        return reduced(x, axes_of(a, inputs, 1, opset, since), a.get('keepdims', 1), op[6:].lower())
    if op == 'Clip':
        low = second if opset >= 11 else a.get('min')
        high = third if opset >= 11 else a.get('max')
        return torch.clamp(x, None if low is None else float(low), None if high is None else float(high))
    if op == 'Pad':
        pads = second.tolist() if opset >= 11 else a['pads']
        value = (float(third) if third is not None else 0.0) if opset >= 11 else a.get('value', 0.0)
        half = len(pads) // 2
        return F.pad(x, [pads[i + h * half] for i in reversed(range(half)) for h in (0, 1)], value=value)
    if op == 'Softmax':
        if opset >= 13:
            return torch.softmax(x, a.get('axis', -1))
        axis = a.get('axis', 1) % x.dim()
        return torch.softmax(x.reshape(int(np.prod(x.shape[:axis])), -1), 1).reshape(x.shape)
    if op == 'Flatten':
        axis = a.get('axis', 1)
        return x.reshape(int(np.prod(x.shape[:axis])), -1)
    if op == 'Reshape':
        shape = [x.shape[i] if n == 0 and not a.get('allowzero', 0) else n for i, n in enumerate(second.tolist())]
        return x.reshape(shape)
    if op == 'Squeeze':
        for axis in sorted((i % x.dim() for i in axes_of(a, inputs, 1, opset, 13)), reverse=True):
            x = x.squeeze(axis)
        return x
    if op == 'Unsqueeze':
        axes = axes_of(a, inputs, 1, opset, 13)
        for axis in sorted(i % (x.dim() + len(axes)) for i in axes):
            x = x.unsqueeze(axis)
        return x
    if op == 'Slice':
        if opset < 10:
            return sliced(x, a['starts'], a['ends'], a.get('axes'), None)
        return sliced(x, *[i.tolist() if i is not None else None for i in (inputs[1:] + [None] * 4)[:4]])
    if op == 'Gather':
        index = second.long()
        axis = a.get('axis', 0)
        index = index + (index < 0) * x.shape[axis]
        return torch.index_select(x, axis, index.reshape(-1)).reshape(x.shape[:axis] + index.shape + x.shape[axis + 1:])
    simple = {
        'Add': lambda: x + second, 'Sub': lambda: x - second, 'Mul': lambda: x * second, 'Div': lambda: x / second,
        'Sum': lambda: sum(inputs), 'Relu': lambda: F.relu(x), 'Sigmoid': lambda: torch.sigmoid(x),
        'LeakyRelu': lambda: F.leaky_relu(x, a.get('alpha', 0.01)),
        'HardSigmoid': lambda: torch.clamp(a.get('alpha', 0.2) * x + a.get('beta', 0.5), 0, 1),
        'HardSwish': lambda: F.hardswish(x), 'Identity': lambda: x, 'Dropout': lambda: x,
        'MatMul': lambda: x @ second, 'Concat': lambda: torch.cat(inputs, a.get('axis', 1)),
        'Transpose': lambda: x.permute(a.get('perm', list(reversed(range(x.dim()))))),
        'Tanh': lambda: torch.tanh(x), 'Elu': lambda: F.elu(x, a.get('alpha', 1.0)), 'Exp': lambda: torch.exp(x),
        'Sqrt': lambda: torch.sqrt(x), 'Neg': lambda: -x, 'Abs': lambda: torch.abs(x),
        'Softplus': lambda: F.softplus(x),
        'PRelu': lambda: torch.where(x < 0, x * second, x), 'Pow': lambda: torch.pow(x, second),
    }
    return simple[op]()


def values_of(model, image):
    """By name, every tensor that the network computes of the image."""
    opset = max(o.version for o in model.opset_import if o.domain in ('', 'ai.onnx'))
    known = {w.name: torch.from_numpy(np.array(numpy_helper.to_array(w))) for w in model.graph.initializer}
    known[[i.name for i in model.graph.input if i.name not in known][0]] = image
    with torch.no_grad():
        for node in model.graph.node:
            known[node.output[0]] = computed(node, [known[i] if i else None for i in node.input], opset)
    return known
