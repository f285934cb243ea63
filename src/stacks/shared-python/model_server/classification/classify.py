"""The wire form of this group's own API: images in base64 in JSON, or one image as the body; the best classes of each."""
from __future__ import annotations

import base64
import binascii

import numpy as np
import orjson
from fastapi import Request
from pydantic import BaseModel, Field, ValidationError

from ..errors import ApiError


class ClassifyRequest(BaseModel):
    """Members that the API does not know are ignored."""

    model: str
    images: list[str]
    top_k: int = Field(default=5, ge=1)
    logits: bool = False


async def read(request: Request, name: str, max_items: int) -> tuple[list[bytes], int, bool]:
    """
    :returns: the files, how many classes are asked for, and whether all logits are.
    :raises ApiError: when it is no request that can be answered.
    """
    if request.headers.get("content-type", "").startswith("image/"):
        try:
            top = int(request.query_params.get("top_k", "5"))
        except ValueError:
            raise ApiError(400, f"top_k is '{request.query_params['top_k']}', which is no number", "top_k") from None
        if top < 1:
            raise ApiError(400, f"top_k is {top}; one class at least is due", "top_k")
        return [await request.body()], top, request.query_params.get("logits") == "true"
    try:
        asked = ClassifyRequest.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = str(first["loc"][0]) if first["loc"] else None
        raise ApiError(400, f"{where or 'The body is not a request'}: {first['msg']}", where) from None
    if asked.model != name:
        raise ApiError(404, f"The model '{asked.model}' does not exist", "model", "model_not_found")
    if not asked.images:
        raise ApiError(400, "images must not be empty", "images")
    if len(asked.images) > max_items:
        raise ApiError(400, f"images has {len(asked.images)} items, the limit of this server is {max_items}", "images")
    try:
        return [base64.b64decode(image, validate=True) for image in asked.images], asked.top_k, asked.logits
    except binascii.Error as error:
        raise ApiError(400, f"An image is no base64: {error}", "images") from None


def answer(model: str, scores: np.ndarray, are_logits: bool, top: int, with_logits: bool) -> bytes:
    """
    :param scores: float32 [images, classes].
    :param are_logits: whether they are logits; probabilities otherwise.
    """
    predictions = []
    for row in scores:
        probabilities = _softmax(row) if are_logits else row
        best = np.argpartition(-row, min(top, len(row)) - 1)[:top]
        best = best[np.argsort(-row[best], kind="stable")]
        prediction = {"classes": best, "scores": np.ascontiguousarray(probabilities[best])}
        if with_logits and are_logits:
            prediction["logits"] = np.ascontiguousarray(row)
        predictions.append(prediction)
    return orjson.dumps({"model": model, "predictions": predictions}, option=orjson.OPT_SERIALIZE_NUMPY)


def _softmax(row: np.ndarray) -> np.ndarray:
    powers = np.exp(row - row.max())
    return powers / powers.sum()
