"""From texts to embeddings, in the calling thread."""
from __future__ import annotations

import time

import numpy as np

from . import metrics
from .model import Runtime, pad
from .wordpiece import WordPieceTokenizer


class Encoder:
    """Tokenizes and executes; may be called by several threads at once."""

    def __init__(self, tokenizer: WordPieceTokenizer, runtime: Runtime, dimensions: int, group_texts: int = 0):
        """
        :param group_texts: 0 executes all texts together, padded to the longest; else texts are sorted by length and executed
            in groups of this many at most, so that short ones are not padded to the longest of all.
        """
        self._tokenizer = tokenizer
        self._runtime = runtime
        self._dimensions = dimensions
        self._group_texts = group_texts
        metrics.tell_library(*runtime.library)

    def tokenize(self, texts: list[str]) -> list[list[int]]:
        started = time.perf_counter()
        sequences = [self._tokenizer.encode(text) for text in texts]
        metrics.TOKENIZE_SECONDS.observe(time.perf_counter() - started)
        return sequences

    def execute(self, sequences: list[list[int]]) -> np.ndarray:
        """Embeddings of some sequences in one execution, float32 [texts, dimensions]."""
        started = time.perf_counter()
        embeddings = self._runtime.run(*pad(sequences, self._tokenizer.pad))
        metrics.count_execution(sequences, time.perf_counter() - started)
        return embeddings

    def embed(self, texts: list[str]) -> tuple[np.ndarray, int]:
        """Embeddings of some texts, float32 [texts, dimensions], and how many tokens they had."""
        sequences = self.tokenize(texts)
        tokens = sum(map(len, sequences))
        if not self._group_texts or len(sequences) <= 1:
            return self.execute(sequences), tokens
        by_length = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        embeddings = np.empty((len(sequences), self._dimensions), dtype=np.float32)
        for start in range(0, len(by_length), self._group_texts):
            group = by_length[start : start + self._group_texts]
            embeddings[group] = self.execute([sequences[i] for i in group])
        return embeddings, tokens

    def warm_up(self) -> None:
        """
        Executes a short and a longer text a few times, so that memory is allocated and pages are mapped before the first request.
        It is part of a cold start: every server of this repository does the same (WarmUp.cs of ServeBench.OnnxServer).
        """
        for _ in range(3):
            for length in (8, 64):
                sequence = self._tokenizer.encode("whale " * length)[: min(length, self._tokenizer.maximum_tokens)]
                self._runtime.run(*pad([sequence], self._tokenizer.pad))
