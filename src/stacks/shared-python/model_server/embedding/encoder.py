"""From texts to embeddings, in the calling thread."""
from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from .. import metrics
from ..model import Runtime
from .padding import pad
from .wordpiece import WordPieceTokenizer


class Encoder:
    """Tokenizes and executes; may be called by several threads at once."""

    def __init__(self, tokenizer: WordPieceTokenizer, runtime: Runtime, dimensions: int):
        self._tokenizer = tokenizer
        self._runtime = runtime
        self._dimensions = dimensions

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        started = time.perf_counter()
        sequences = [self._tokenizer.encode(text) for text in texts]
        metrics.INPUT_SECONDS.observe(time.perf_counter() - started)
        return sequences

    def execute(self, sequences: Sequence[list[int]]) -> np.ndarray:
        """Embeddings of some sequences in one execution, float32 [texts, dimensions], each of length 1."""
        started = time.perf_counter()
        embeddings = self._run(sequences)
        tokens = sum(map(len, sequences))
        padding = len(sequences) * max(map(len, sequences)) - tokens
        metrics.count_execution(len(sequences), time.perf_counter() - started, tokens, padding)
        return embeddings

    def in_groups(self, sequences: Sequence[list[int]], size: int) -> np.ndarray:
        """
        :param size: 0 executes all texts together, padded to the longest; else they are sorted by length and executed in groups of this
            many at most, so that short ones are not padded to the longest of all.
        """
        if not size or len(sequences) <= 1:
            return self.execute(sequences)
        by_length = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        embeddings = np.empty((len(sequences), self._dimensions), dtype=np.float32)
        for start in range(0, len(by_length), size):
            group = by_length[start : start + size]
            embeddings[group] = self.execute([sequences[i] for i in group])
        return embeddings

    def warm_up(self) -> None:
        """Executes a short and a longer text a few times."""
        for _ in range(3):
            for length in (8, 64):
                self._run([self._tokenizer.encode("whale " * length)[: min(length, self._tokenizer.maximum_tokens)]])

    def _run(self, sequences: Sequence[list[int]]) -> np.ndarray:
        ids, mask = pad(sequences, self._tokenizer.pad)
        return self._runtime.run({"input_ids": ids, "attention_mask": mask})
