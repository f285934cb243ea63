"""Records what torchvision's classifiers answer on seeded weights.

usage: python3 classifiers.py CHECKPOINT_FOLDER OUTPUT_FOLDER

CHECKPOINT_FOLDER holds NETWORK.safetensors of each network, which Architectures/Classification/TorchvisionTests.cs writes there. The
image follows SplitMix64 numbers, as there: 3 x 224 x 224 values between -2 and 2. Writes NETWORK.logits, little-endian singles.
"""
import json
import struct
import sys

import numpy
import torch
import torchvision

folder, output = sys.argv[1:3]
NETWORKS = {
    "resnet50": torchvision.models.resnet50,
    "mobilenet-v2": torchvision.models.mobilenet_v2,
    "mobilenet-v3-small": torchvision.models.mobilenet_v3_small,
}
TYPES = {"F32": "<f4", "I64": "<i8"}


def load(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def image(seed):
    state, values = seed, []
    for _ in range(3 * 224 * 224):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        z ^= z >> 31
        values.append((z >> 40) / 2**22 - 2)
    return torch.tensor(values, dtype=torch.float32).reshape(1, 3, 224, 224)


for name, build in NETWORKS.items():
    model = build(weights=None).eval()
    model.load_state_dict(load(f"{folder}/{name}.safetensors"), strict=True)
    with torch.no_grad():
        logits = model(image(50))
    logits.numpy().astype("<f4").tofile(f"{output}/{name}.logits")
    print(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "network": name,
                      "logits": list(logits.shape), "spread": float(logits.max() - logits.min())}))
