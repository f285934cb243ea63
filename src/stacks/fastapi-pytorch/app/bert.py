"""BERT (Devlin et al. 2018) as an encoder of texts: mean of the token vectors or the first one, scaled to length 1 (Reimers and Gurevych 2019)."""
from __future__ import annotations

import json

import numpy as np
import torch
import torch.nn.functional as F
from model_server.model import ModelFolder
from safetensors.torch import load_file
from threads import use_threads
from torch import Tensor, nn

# In the checkpoint for another task, or derived: not part of this network.
NOT_USED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")


class Embeddings(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        hidden = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], hidden)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], hidden)
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=config["layer_norm_eps"])

    def forward(self, ids: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[: ids.shape[1]]
        # Every token is of the first segment.
        return self.LayerNorm(self.word_embeddings(ids) + positions + self.token_type_embeddings.weight[0])


class SelfAttention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        hidden = config["hidden_size"]
        self.heads = config["num_attention_heads"]
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """
        :param x: [texts, tokens, hidden].
        :param mask: bool [texts, 1, 1, tokens], True where there is a token; None when nothing is padded.
        """

        def split(y: Tensor) -> Tensor:  # [texts, heads, tokens, hidden / heads]
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask)
        return mixed.transpose(1, 2).flatten(2)


class Output(nn.Module):
    def __init__(self, inputs: int, config: dict):
        super().__init__()
        self.dense = nn.Linear(inputs, config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.LayerNorm(self.dense(x) + residual)


class Layer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        # The checkpoint's names: attention.self.query.weight, intermediate.dense.weight, ...
        self.attention = nn.ModuleDict({"self": SelfAttention(config), "output": Output(config["hidden_size"], config)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(config["hidden_size"], config["intermediate_size"])})
        self.output = Output(config["intermediate_size"], config)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = self.attention["output"](self.attention["self"](x, mask), x)
        return self.output(F.gelu(self.intermediate["dense"](x)), x)  # GELU by the error function, not the tanh approximation


class BertEncoder(nn.Module):
    def __init__(self, config: dict, pooling: str = "mean"):
        super().__init__()
        self._pooling = pooling
        self.embeddings = Embeddings(config)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))})

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """
        :param ids: int64 [texts, tokens], padded on the right.
        :param mask: bool [texts, tokens], True where there is a token.
        :returns: float32 [texts, hidden].
        """
        # Without padding there is nothing to mask, and attention takes its faster path.
        attention_mask = None if bool(mask.all()) else mask[:, None, None, :]
        x = self.embeddings(ids)
        for layer in self.encoder["layer"]:
            x = layer(x, attention_mask)
        if self._pooling == "cls":
            return F.normalize(x[:, 0], dim=-1)
        counted = mask.unsqueeze(-1).to(x.dtype)
        return F.normalize((x * counted).sum(1) / counted.sum(1), dim=-1)


class BertRuntime:
    library = ("PyTorch", torch.__version__)

    def __init__(self, encoder: BertEncoder, device: str):
        self._encoder = encoder.to(device)
        self._device = device

    @classmethod
    def load(cls, model: ModelFolder, threads: int = 0, device: str = "cpu") -> BertRuntime:
        """
        :param threads: of one execution; 0 leaves it to PyTorch and OpenMP, which take every core that they may use.
        """
        use_threads(threads)
        config = json.loads((model.path / "config.json").read_text(encoding="utf-8"))
        # The weights take the place of the parameters: none are initialised only to be overwritten.
        with torch.device("meta"):
            encoder = BertEncoder(config, model.manifest.get("pooling", "mean"))
        weights = load_file(model.safetensors_file)
        missing, unexpected = encoder.load_state_dict(weights, strict=False, assign=True)
        unexpected = [name for name in unexpected if name not in NOT_USED]
        if missing or unexpected:
            raise ValueError(f"{model.safetensors_file} is not this network's: it lacks {missing} and has {unexpected}")
        return cls(encoder.eval(), device)

    def run(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        ids, mask = (torch.from_numpy(inputs[name]).to(self._device) for name in ("input_ids", "attention_mask"))
        with torch.inference_mode():
            return self._encoder(ids, mask.bool()).cpu().numpy()
