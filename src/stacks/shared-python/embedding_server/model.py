"""A prepared model's folder, and what a runtime of it looks like to a server."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from .characters import CharacterTable
from .wordpiece import WordPieceTokenizer


@dataclass(frozen=True)
class ModelFolder:
    """What model.json says."""

    path: Path
    name: str
    dimensions: int
    maximum_tokens: int
    onnx_file: Path
    safetensors_file: Path
    vocabulary_file: Path
    #: How token vectors become one embedding: mean, or cls, the first token's.
    pooling: str = "mean"

    @classmethod
    def read(cls, folder: str) -> ModelFolder:
        path = Path(folder)
        manifest = json.loads((path / "model.json").read_text(encoding="utf-8"))
        if manifest["schema"] != "servebench-model/1":
            raise ValueError(f"{path / 'model.json'} has the schema '{manifest['schema']}', this server reads servebench-model/1")
        return cls(
            path=path,
            name=manifest["model"],
            dimensions=manifest["dimensions"],
            maximum_tokens=manifest["tokenizer"]["maximumTokens"],
            onnx_file=path / manifest["onnxFile"],
            safetensors_file=path / manifest["safetensorsFile"],
            vocabulary_file=path / manifest["tokenizer"]["vocabularyFile"],
            pooling=manifest.get("pooling", "mean"),
        )

    def tokenizer(self, characters: str) -> WordPieceTokenizer:
        return WordPieceTokenizer.load(self.vocabulary_file, CharacterTable.load(Path(characters)), self.maximum_tokens)


class Runtime(Protocol):
    """Something that executes the model; may be called by several threads at once."""

    #: The library that computes, and its version.
    library: tuple[str, str]

    def run(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """
        :param ids: int64 [texts, tokens], padded on the right.
        :param mask: int64 [texts, tokens], 1 where there is a token.
        :returns: float32 [texts, dimensions], each of length 1.
        """
        ...


def pad(sequences: Sequence[list[int]], padding: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids and mask of some sequences, each [texts, longest]."""
    longest = max(map(len, sequences))
    ids = np.full((len(sequences), longest), padding, dtype=np.int64)
    mask = np.zeros((len(sequences), longest), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask
