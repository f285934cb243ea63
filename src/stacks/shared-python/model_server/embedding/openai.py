"""OpenAI's embeddings API: requests, answers and errors (https://platform.openai.com/docs/api-reference/embeddings)."""
from __future__ import annotations

import base64
from typing import Literal

import numpy as np
import orjson
from pydantic import BaseModel

from ..errors import ApiError


class EmbeddingRequest(BaseModel):
    """Members that the API does not know are ignored."""

    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


def texts_of(request: EmbeddingRequest, name: str, dimensions: int, max_items: int) -> list[str]:
    """The texts of a request that can be answered.

    :raises ApiError: when it cannot be.
    """
    if request.model != name:
        raise ApiError(404, f"The model '{request.model}' does not exist", "model", "model_not_found")
    if request.dimensions is not None and request.dimensions != dimensions:
        raise ApiError(400, f"The model '{name}' gives embeddings of {dimensions} dimensions and cannot give {request.dimensions}", "dimensions")
    texts = [request.input] if isinstance(request.input, str) else request.input
    if not texts or not all(texts):
        raise ApiError(400, "input must not be empty", "input")
    if len(texts) > max_items:
        raise ApiError(400, f"input has {len(texts)} items, the limit of this server is {max_items}", "input")
    return texts


def answer(model: str, embeddings: np.ndarray, tokens: int, as_base64: bool) -> bytes:
    """
    :param embeddings: float32 [texts, dimensions], contiguous.
    :param tokens: of all texts, special ones included.
    """
    rows = [base64.b64encode(row).decode("ascii") for row in embeddings] if as_base64 else embeddings
    return orjson.dumps(
        {
            "object": "list",
            "data": [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)],
            "model": model,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )
