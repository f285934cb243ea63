"""Sequences of different lengths as one input of a network."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def pad(sequences: Sequence[list[int]], padding: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids and mask of some sequences, each int64 [texts, longest], padded on the right."""
    longest = max(map(len, sequences))
    ids = np.full((len(sequences), longest), padding, dtype=np.int64)
    mask = np.zeros((len(sequences), longest), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask
