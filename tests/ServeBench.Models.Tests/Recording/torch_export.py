"""Exports the network of embeddings.py with torch.onnx.export, to be timed against our own export of the same weights.

usage: python3 torch_export.py MODEL_FOLDER OUTPUT.onnx

The TorchScript exporter, opset 17: the newer one needs the package onnxscript, which Debian does not have. Same pooling and normalisation, same names and dynamic dimensions as ours. Only the time that ONNX Runtime takes for
the graph is compared (Measurements/RawThroughput.cs), so nothing in here is about speed.
"""
import sys

import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel

folder, output = sys.argv[1:3]
weights = load_file(f"{folder}/model.safetensors")
vocabulary, hidden = weights["embeddings.word_embeddings.weight"].shape
layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
config = BertConfig(
    vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=12,
    intermediate_size=weights["encoder.layer.0.intermediate.dense.weight"].shape[0], layer_norm_eps=1e-12, attn_implementation="eager")


class Embedder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False).eval()
        missing = self.bert.load_state_dict(weights, strict=False).missing_keys
        assert not missing, missing

    def forward(self, input_ids, attention_mask):
        # The additive mask is laid out here: the model's own way of making it from a 2-d mask cannot be traced.
        mask = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * torch.finfo(torch.float32).min
        states = self.bert(input_ids=input_ids, attention_mask=mask)[0]
        counted = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2, dim=1)


ids = torch.randint(0, vocabulary, (2, 16))
axes = {"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "sequence"}, "embedding": {0: "batch"}}
with torch.no_grad():
    torch.onnx.export(
        Embedder(), (ids, torch.ones_like(ids)), output, dynamo=False, opset_version=17, dynamic_axes=axes,
        input_names=["input_ids", "attention_mask"], output_names=["embedding"])
print(f"torch {torch.__version__}: {output}")
