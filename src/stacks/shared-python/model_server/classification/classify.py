"""The wire form of this group's own API: images in base64 in JSON, in a form, or one as the body; the best classes of each."""
from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

import anyio.to_thread
import numpy as np
import orjson
from fastapi import Request
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile

from ..errors import ApiError


class ClassifyRequest(BaseModel):
    """Members that the API does not know are ignored."""

    model: str
    images: list[str]
    top_k: int = Field(default=5, ge=1)
    logits: bool = False


@dataclass(frozen=True)
class Question:
    """What a request asks for."""

    files: list[bytes]
    top: int
    with_logits: bool


async def read(request: Request, body: bytes, name: str, max_items: int) -> Question:
    """
    :param body: the request's, which is there already.
    :raises ApiError: when it is no request that can be answered.
    """
    kind = request.headers.get("content-type", "")
    if kind.startswith("image/"):
        return _of_fields([body], request.query_params)
    if kind.startswith("multipart/form-data"):
        return await _of_form(request, name, max_items)
    # Base64 of many photographs takes its time, which the other requests of the event loop must not wait for.
    return await anyio.to_thread.run_sync(_of_json, body, name, max_items)


async def _of_form(request: Request, name: str, max_items: int) -> Question:
    """Parts with a filename are images; what else is said stands in fields, or in the query."""
    async with request.form(max_files=max_items, max_fields=16) as form:
        files = [await part.read() for _, part in form.multi_items() if isinstance(part, UploadFile)]
        fields = {**request.query_params, **{key: part for key, part in form.multi_items() if isinstance(part, str)}}
    if not files:
        raise ApiError(400, "The form has no part with a filename, which would be an image", "images")
    if fields.get("model", name) != name:
        raise ApiError(404, f"The model '{fields['model']}' does not exist", "model", "model_not_found")
    return _of_fields(files, fields)


def _of_fields(files: list[bytes], fields: Mapping[str, str]) -> Question:
    try:
        top = int(fields.get("top_k", "5"))
    except ValueError:
        raise ApiError(400, f"top_k is '{fields['top_k']}', which is no number", "top_k") from None
    if top < 1:
        raise ApiError(400, f"top_k is {top}; one class at least is due", "top_k")
    return Question(files, top, fields.get("logits") == "true")


def _of_json(body: bytes, name: str, max_items: int) -> Question:
    try:
        asked = ClassifyRequest.model_validate_json(body)
    except ValidationError as error:
        raise ApiError.unreadable(error.errors(include_url=False)) from None
    if asked.model != name:
        raise ApiError(404, f"The model '{asked.model}' does not exist", "model", "model_not_found")
    if not asked.images:
        raise ApiError(400, "images must not be empty", "images")
    if len(asked.images) > max_items:
        raise ApiError(400, f"images has {len(asked.images)} items, the limit of this server is {max_items}", "images")
    try:
        return Question([base64.b64decode(image, validate=True) for image in asked.images], asked.top_k, asked.logits)
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
