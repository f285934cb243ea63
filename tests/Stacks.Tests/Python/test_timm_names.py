"""timm's names of MobileNets' tensors, which are torchvision's under others."""
import importlib.util
import sys
import unittest

from repository import STACKS

sys.path.insert(0, str(STACKS / "fastapi-pytorch" / "app"))

# As timm 1.0 lists them, with torchvision's; tests/ServeBench.Models.Tests holds the exporter to the same.
V2 = {
    "conv_stem.weight": "features.0.0.weight",
    "blocks.0.0.conv_dw.weight": "features.1.conv.0.0.weight",
    "blocks.0.0.conv_pw.weight": "features.1.conv.1.weight",
    "blocks.0.0.bn2.bias": "features.1.conv.2.bias",
    "blocks.1.0.conv_pw.weight": "features.2.conv.0.0.weight",
    "blocks.1.0.conv_dw.weight": "features.2.conv.1.0.weight",
    "blocks.1.0.conv_pwl.weight": "features.2.conv.2.weight",
    "blocks.1.0.bn3.running_var": "features.2.conv.3.running_var",
    "conv_head.weight": "features.3.0.weight",
    "bn2.weight": "features.3.1.weight",
    "classifier.weight": "classifier.1.weight",
}
V3 = {
    "conv_stem.weight": "features.0.0.weight",
    "blocks.0.0.conv_dw.weight": "features.1.block.0.0.weight",
    "blocks.0.0.se.conv_reduce.weight": "features.1.block.1.fc1.weight",
    "blocks.0.0.se.conv_expand.bias": "features.1.block.1.fc2.bias",
    "blocks.0.0.conv_pw.weight": "features.1.block.2.0.weight",
    "blocks.0.0.bn2.bias": "features.1.block.2.1.bias",
    "blocks.1.0.conv_pw.weight": "features.2.block.0.0.weight",
    "blocks.1.0.conv_dw.weight": "features.2.block.1.0.weight",
    "blocks.1.0.conv_pwl.weight": "features.2.block.2.0.weight",
    "blocks.1.0.bn3.bias": "features.2.block.2.1.bias",
    "blocks.2.0.conv_pw.weight": "features.3.block.0.0.weight",
    "blocks.2.0.conv_dw.weight": "features.3.block.1.0.weight",
    "blocks.2.0.se.conv_reduce.weight": "features.3.block.2.fc1.weight",
    "blocks.2.0.conv_pwl.weight": "features.3.block.3.0.weight",
    "blocks.5.0.conv.weight": "features.4.0.weight",
    "blocks.5.0.bn1.weight": "features.4.1.weight",
    "conv_head.weight": "classifier.0.weight",
    "classifier.bias": "classifier.3.bias",
}


class TimmNamesTests(unittest.TestCase):
    def setUp(self):
        missing = [m for m in ("torch", "torchvision", "safetensors") if importlib.util.find_spec(m) is None]
        if missing:
            self.skipTest(f"{sys.executable} has no module {', '.join(missing)}")

    def test_every_tensor_has_torchvisions_name(self):
        import torch
        from classifiers import torchvision_names

        for names in (V2, V3):
            tensors = {name: torch.full((1, 1, 1, 1), float(i)) for i, name in enumerate(names)}
            renamed = torchvision_names(tensors)
            self.assertEqual({due: float(i) for i, due in enumerate(names.values())}, {name: float(t) for name, t in renamed.items()})

    def test_torchvisions_own_names_stay(self):
        from classifiers import torchvision_names

        self.assertEqual({"features.0.0.weight": 1}, torchvision_names({"features.0.0.weight": 1}))


if __name__ == "__main__":
    unittest.main()
