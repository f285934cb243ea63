"""torchvision's classifiers of images, with the weights of a prepared model."""
from __future__ import annotations

import re

import numpy as np
import torch
import torchvision
from model_server.model import ModelFolder
from safetensors.torch import load_file
from threads import use_threads
from torch import Tensor, nn


class ClassifierRuntime:
    library = ("PyTorch", torch.__version__)

    def __init__(self, network: nn.Module, gives_probabilities: bool, device: str):
        self._network = network.to(device)
        self._gives_probabilities = gives_probabilities
        self._device = device

    @classmethod
    def load(cls, model: ModelFolder, threads: int = 0, device: str = "cpu") -> ClassifierRuntime:
        """
        :param threads: of one execution; 0 leaves it to PyTorch and OpenMP, which take every core that they may use.
        """
        use_threads(threads)
        weights = torchvision_names(load_file(model.safetensors_file))
        # The weights take the place of the parameters: none are initialised only to be overwritten.
        with torch.device("meta"):
            network = build(model.manifest["architecture"], model.manifest["classes"], weights)
        missing, unexpected = network.load_state_dict(weights, strict=False, assign=True)
        missing = [name for name in missing if not name.endswith(".num_batches_tracked")]
        if missing or unexpected:
            raise ValueError(f"{model.safetensors_file} is not this network's: it lacks {missing} and has {unexpected}")
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = model.manifest["normEpsilon"]
                module.num_batches_tracked = None
        return cls(network.eval(), model.manifest["output"] == "probabilities", device)

    def run(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        with torch.inference_mode():
            scores = self._network(torch.from_numpy(inputs["pixels"]).to(self._device))
            return (scores.softmax(1) if self._gives_probabilities else scores).cpu().numpy()


def build(architecture: str, classes: int, weights: dict[str, Tensor]) -> nn.Module:
    models = torchvision.models
    if architecture == "mobilenet-v2-classifier":
        return models.mobilenet_v2(weights=None, num_classes=classes)
    if architecture == "mobilenet-v3-small-classifier":
        return models.mobilenet_v3_small(weights=None, num_classes=classes)
    if architecture == "resnet":
        blocks = [len({name.split(".")[1] for name in weights if name.startswith(f"layer{stage}.")}) for stage in (1, 2, 3, 4)]
        block = models.resnet.Bottleneck if "layer1.0.conv3.weight" in weights else models.resnet.BasicBlock
        return models.resnet.ResNet(block, blocks, num_classes=classes)
    raise ValueError(f"torchvision's {architecture} is not served here")


def torchvision_names(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of timm's MobileNets, which are what people download, under torchvision's names; others as they are."""
    if "conv_stem.weight" not in weights:
        return weights
    blocks = sorted({tuple(map(int, m.groups())) for name in weights if (m := re.match(r"blocks\.(\d+)\.(\d+)\.conv_dw\.", name))})
    places = {place: number for number, place in enumerate(blocks, 1)}
    is_v3 = "blocks.5.0.conv.weight" in weights
    last = len(blocks) + 1
    fixed = {"conv_stem": "features.0.0", "bn1": "features.0.1"} | (
        {"blocks.5.0.conv": f"features.{last}.0", "blocks.5.0.bn1": f"features.{last}.1", "conv_head": "classifier.0", "classifier": "classifier.3"}
        if is_v3
        else {"conv_head": f"features.{last}.0", "bn2": f"features.{last}.1", "classifier": "classifier.1"})

    def renamed(layer: str) -> str:
        if layer in fixed:
            return fixed[layer]
        stage, block, rest = re.fullmatch(r"blocks\.(\d+)\.(\d+)\.(.+)", layer).groups()
        prefix = f"blocks.{stage}.{block}."
        parts = ["conv_pw"] if f"{prefix}conv_pwl.weight" in weights else []
        parts += ["conv_dw"]
        if is_v3 and f"{prefix}se.conv_reduce.weight" in weights:
            parts += ["se"]
        parts += ["conv_pwl" if len(parts) > 1 and parts[0] == "conv_pw" else "conv_pw"]
        own = f"features.{places[int(stage), int(block)]}.{'block' if is_v3 else 'conv'}"
        convolutions = [part for part in parts if part != "se"]
        if rest.startswith("se."):
            return f"{own}.{parts.index('se')}.{'fc1' if rest.endswith('reduce') else 'fc2'}"
        is_norm = rest.startswith("bn")
        part = convolutions[int(rest[2:]) - 1] if is_norm else rest
        at = parts.index(part)
        if is_v3 or part != convolutions[-1]:
            return f"{own}.{at}.{1 if is_norm else 0}"
        return f"{own}.{at + (1 if is_norm else 0)}"  # torchvision's MobileNetV2 has its last convolution and norm unwrapped

    def shaped(name: str, tensor: Tensor) -> Tensor:
        # timm's head is a 1x1 convolution after the mean over the image, which is the same as a fully connected layer.
        return tensor.flatten(1) if is_v3 and name == "classifier.0.weight" else tensor

    named = {".".join((renamed(name.rpartition(".")[0]), name.rpartition(".")[2])): tensor for name, tensor in weights.items()}
    return {name: shaped(name, tensor) for name, tensor in named.items()}
