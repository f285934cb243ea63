"""Records what the PyTorch network of the Python stacks (transformers.BertModel) answers on a prepared model's weights.

usage: python3 embeddings.py MODEL_FOLDER OUTPUT

Token ids follow SplitMix64 numbers, as in Support/Agreement.cs: single sequences of 1, 2, 31, 128 and 512
tokens (at most the model's positions), then one ragged batch. Writes little-endian singles, embedding after embedding.
"""
import json
import sys

import numpy
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
model = BertModel(config).eval()
missing = model.load_state_dict(weights, strict=False).missing_keys
assert not missing, missing


def sequence(seed, length):
    state, ids = seed, []
    for _ in range(length):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        z ^= z >> 31
        ids.append(((z >> 32) * vocabulary) >> 32)
    return ids


def embed(sequences):
    longest = max(map(len, sequences))
    ids = torch.tensor([s + [0] * (longest - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (longest - len(s)) for s in sequences])
    with torch.no_grad():
        states = model(input_ids=ids, attention_mask=mask)[0]
    counted = mask.unsqueeze(-1).to(states.dtype)
    mean = (states * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
    return torch.nn.functional.normalize(mean, p=2, dim=1).numpy()


answers = [embed([sequence(length, length)]) for length in (1, 2, 31, 128, 512)]
answers.append(embed([sequence(3, 7), sequence(4, 1), sequence(5, 64), sequence(6, 2), sequence(7, 33)]))
numpy.concatenate(answers).astype("<f4").tofile(output)
print(json.dumps({"torch": torch.__version__, "embeddings": sum(map(len, answers)), "hidden": hidden, "layers": layers}))
