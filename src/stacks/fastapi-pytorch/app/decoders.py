"""GPT-2 (Radford et al. 2019) and OPT (Zhang et al. 2022) with a cache of keys and values that has a slot for each sequence."""
from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from model_server.model import ModelFolder
from safetensors.torch import load_file
from threads import use_threads
from torch import Tensor, nn


class Cache:
    """Keys and values of every layer, float32 [slots, heads, capacity, head size] each; memory is mapped as it is first written."""

    def __init__(self, layers: int, slots: int, heads: int, capacity: int, head_size: int, device: str):
        # Zeros: what is masked still takes part in sums, with the weight 0, and must be a number.
        shape = (layers, 2, slots, heads, capacity, head_size)
        self.layers = torch.zeros(shape, dtype=torch.float32, device=device)

    def move(self, source: int, target: int, tokens: int) -> None:
        self.layers[:, :, target, :, :tokens] = self.layers[:, :, source, :, :tokens]


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """
    :param x: [rows, inputs]. One row alone is multiplied as a vector: OpenBLAS lays the whole weight out anew for a product of matrices.
    """
    if len(x) > 1:
        return F.linear(x, weight, bias)
    return (torch.mv(weight, x[0]) if bias is None else torch.addmv(bias, weight, x[0]))[None]


class Linear(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.weight, self.bias)


class Attention(nn.Module):
    def __init__(self, hidden: int, heads: int):
        super().__init__()
        self.heads = heads
        self.projections = Linear(hidden, 3 * hidden)  # query, key and value
        self.output = Linear(hidden, hidden)

    def split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value, each [tokens, heads, head size]."""
        return self.projections(x).unflatten(-1, (3, self.heads, -1)).unbind(1)


class Layer(nn.Module):
    """Pre-norm."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float, activation: Callable[[Tensor], Tensor]):
        super().__init__()
        self.norm = nn.LayerNorm(hidden, eps=epsilon)
        self.attention = Attention(hidden, heads)
        self.inner_norm = nn.LayerNorm(hidden, eps=epsilon)
        self.inner = Linear(hidden, inner)
        self.outer = Linear(inner, hidden)
        self.activation = activation

    def forward(self, x: Tensor, attend: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Tensor:
        """
        :param x: [tokens, hidden].
        :param attend: given query, key and value [tokens, heads, head size], what is mixed [tokens, hidden].
        """
        x = x + self.attention.output(attend(*self.attention.split(self.norm(x))))
        return x + self.outer(self.activation(self.inner(self.inner_norm(x))))


class Decoder(nn.Module):
    def __init__(self, vocabulary: int, positions: int, layers: int, hidden: int, heads: int, inner: int, epsilon: float, activation):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner, epsilon, activation) for _ in range(layers))
        self.final_norm = nn.LayerNorm(hidden, eps=epsilon)

    def read(self, tokens: Tensor, cache: Tensor) -> Tensor:
        """A prompt.

        :param tokens: int64 [tokens].
        :param cache: of one slot, [layers, 2, heads, capacity, head size].
        :returns: the logits after its last token, [vocabulary].
        """
        count = len(tokens)
        x = self.tokens(tokens) + self.positions.weight[:count]
        for layer, (keys, values) in zip(self.layers, cache):

            def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
                keys[:, :count], values[:, :count] = key.transpose(0, 1), value.transpose(0, 1)
                query, key, value = (y.transpose(0, 1)[None] for y in (query, key, value))
                return F.scaled_dot_product_attention(query, key, value, is_causal=True)[0].transpose(0, 1).flatten(1)

            x = layer(x, attend)
        return linear(self.final_norm(x[-1:]), self.tokens.weight)[0]

    def step(self, tokens: Tensor, past: Tensor, cache: Tensor) -> Tensor:
        """A token for each of some sequences.

        :param tokens: int64 [sequences].
        :param past: int64 [sequences], how many tokens each has in the cache.
        :param cache: of as many slots, [layers, 2, sequences, heads, capacity, head size].
        :returns: logits [sequences, vocabulary].
        """
        longest = int(past.max()) + 1
        rows = torch.arange(len(tokens), device=tokens.device)
        # Shorter sequences are padded to the longest; without padding attention takes its faster path.
        mask = torch.arange(longest, device=tokens.device) <= past[:, None]
        mask = None if bool(mask.all()) else mask[:, None, None, :]
        x = self.tokens(tokens) + self.positions(past)
        for layer, (keys, values) in zip(self.layers, cache):

            def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
                keys[rows, :, past], values[rows, :, past] = key, value
                mixed = F.scaled_dot_product_attention(query[:, :, None], keys[:, :, :longest], values[:, :, :longest], attn_mask=mask)
                return mixed.flatten(1)

            x = layer(x, attend)
        return linear(self.final_norm(x), self.tokens.weight)


class DecoderRuntime:
    """What the generation loop executes; called by one thread."""

    library = ("PyTorch", torch.__version__)

    def __init__(self, network: Decoder, cache: Cache, device: str):
        self._network = network.to(device)
        self._cache = cache
        self._device = device
        self.slots, self.capacity = cache.layers.shape[2], cache.layers.shape[4]

    @classmethod
    def load(cls, model: ModelFolder, threads: int = 0, device: str = "cpu", slots: int = 1) -> DecoderRuntime:
        """
        :param threads: of one execution; 0 leaves it to PyTorch and OpenMP, which take every core that they may use.
        :param slots: sequences that are continued together.
        """
        use_threads(threads)
        manifest = model.manifest
        config = json.loads((model.path / "config.json").read_text(encoding="utf-8"))
        weights, epsilon, activation = {"gpt2": _gpt2, "opt": _opt}[manifest["architecture"]](load_file(model.safetensors_file), config)
        inner, hidden = weights["layers.0.inner.weight"].shape
        # The weights take the place of the parameters: none are initialised only to be overwritten.
        with torch.device("meta"):
            network = Decoder(
                manifest["vocabulary"], manifest["positions"], manifest["layers"], hidden, manifest["heads"], inner, epsilon, activation)
        missing, unexpected = network.load_state_dict(weights, strict=False, assign=True)
        if missing or unexpected:
            raise ValueError(f"{model.safetensors_file} is not this network's: it lacks {missing} and has {unexpected}")
        cache = Cache(manifest["layers"], slots, manifest["heads"], manifest["positions"], manifest["headSize"], device)
        return cls(network.eval(), cache, device)

    def read(self, slot: int, tokens: list[int]) -> np.ndarray:
        with torch.inference_mode():
            return self._network.read(torch.tensor(tokens, device=self._device), self._cache.layers[:, :, slot]).cpu().numpy()

    def step(self, tokens: list[int], past: list[int]) -> np.ndarray:
        with torch.inference_mode():
            ids, held = torch.tensor(tokens, device=self._device), torch.tensor(past, device=self._device)
            return self._network.step(ids, held, self._cache.layers[:, :, : len(tokens)]).cpu().numpy()

    def move(self, source: int, target: int, tokens: int) -> None:
        with torch.inference_mode():
            self._cache.move(source, target, tokens)


Described = tuple[dict[str, Tensor], float, Callable[[Tensor], Tensor]]


def _gpt2(checkpoint: dict[str, Tensor], config: dict) -> Described:
    """Its matrices are [inputs, outputs]; causal masks and the logits' matrix, which is the table of tokens, are in some checkpoints."""
    names = {
        r"wte": "tokens", r"wpe": "positions", r"ln_f": "final_norm",
        r"h\.(\d+)\.ln_1": r"layers.\1.norm", r"h\.(\d+)\.attn\.c_attn": r"layers.\1.attention.projections",
        r"h\.(\d+)\.attn\.c_proj": r"layers.\1.attention.output", r"h\.(\d+)\.ln_2": r"layers.\1.inner_norm",
        r"h\.(\d+)\.mlp\.c_fc": r"layers.\1.inner", r"h\.(\d+)\.mlp\.c_proj": r"layers.\1.outer",
    }
    weights = {
        name: weight.t() if re.search(r"\.(projections|output|inner|outer)\.weight$", name) else weight
        for name, weight in _renamed(checkpoint, names, "transformer.", r"h\.\d+\.attn\.(bias|masked_bias)|lm_head\.weight").items()}
    return weights, config["layer_norm_epsilon"], lambda x: F.gelu(x, approximate="tanh")


def _opt(checkpoint: dict[str, Tensor], config: dict) -> Described:
    """Its first position is row 2 of the table."""
    names = {
        r"embed_tokens": "tokens", r"embed_positions": "positions", r"final_layer_norm": "final_norm",
        r"layers\.(\d+)\.self_attn_layer_norm": r"layers.\1.norm", r"layers\.(\d+)\.self_attn\.([qkv])_proj": r"layers.\1.attention.\2",
        r"layers\.(\d+)\.self_attn\.out_proj": r"layers.\1.attention.output", r"layers\.(\d+)\.final_layer_norm": r"layers.\1.inner_norm",
        r"layers\.(\d+)\.fc1": r"layers.\1.inner", r"layers\.(\d+)\.fc2": r"layers.\1.outer",
    }
    weights = _renamed(checkpoint, names, "(model.)?decoder.", r"lm_head\.weight")
    weights["positions.weight"] = weights["positions.weight"][2:]
    for layer in range(config["num_hidden_layers"]):
        for part in ("weight", "bias"):
            parts = [weights.pop(f"layers.{layer}.attention.{which}.{part}") for which in "qkv"]
            weights[f"layers.{layer}.attention.projections.{part}"] = torch.cat(parts)
    return weights, 1e-5, F.relu


def _renamed(checkpoint: dict[str, Tensor], names: dict[str, str], prefix: str, not_used: str) -> dict[str, Tensor]:
    """The weights under this network's names; under their own where they have none here, which loading then reports."""

    def own(name: str) -> str:
        layer, _, part = name.rpartition(".")
        for pattern, mine in names.items():
            if match := re.fullmatch(pattern, layer):
                return f"{match.expand(mine)}.{part}"
        return name

    plain = {re.sub(f"^{prefix}", "", name): weight for name, weight in checkpoint.items()}
    return {own(name): weight for name, weight in plain.items() if not re.fullmatch(not_used, name)}
