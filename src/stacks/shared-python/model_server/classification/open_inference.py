"""The Open Inference Protocol over HTTP, with its extension for binary tensors, for one input of prepared pixels."""
from __future__ import annotations

import numpy as np
import orjson
from fastapi import Request

from ..errors import ApiError

LENGTH_HEADER = "inference-header-content-length"


async def read(request: Request, size: int, max_items: int) -> np.ndarray:
    """
    :param size: width and height that the network sees.
    :returns: float32 [images, 3, size, size].
    :raises ApiError: when it is no request that can be answered.
    """
    body = await request.body()
    try:
        length = int(request.headers.get(LENGTH_HEADER, len(body)))
        asked = orjson.loads(body[:length])
        [tensor] = asked["inputs"]
        name, datatype, shape = tensor["name"], tensor["datatype"], [int(side) for side in tensor["shape"]]
        binary = tensor.get("parameters", {}).get("binary_data_size")
        data = None if binary is not None else tensor["data"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ApiError(400, f"The body is not an inference request with one input: {error!r}") from None
    if (name, datatype) != ("pixels", "FP32") or len(shape) != 4 or shape[1:] != [3, size, size]:
        raise ApiError(400, f"The input must be pixels, FP32 [images, 3, {size}, {size}], and is {name}, {datatype} {shape}", "inputs")
    if not 1 <= shape[0] <= max_items:
        raise ApiError(400, f"The input has {shape[0]} images; 1 to {max_items} are answered", "inputs")
    try:
        pixels = np.frombuffer(body, "<f4", offset=length) if binary is not None else np.asarray(data, dtype=np.float32)
        return pixels.reshape(shape)
    except (ValueError, TypeError) as error:
        raise ApiError(400, f"The data of pixels does not have the shape {shape}: {error}", "inputs") from None


def answer(model: str, output: str, scores: np.ndarray) -> bytes:
    """
    :param output: the name of the graph's output.
    :param scores: float32 [images, classes].
    """
    tensor = {"name": output, "datatype": "FP32", "shape": list(scores.shape), "data": np.ascontiguousarray(scores).reshape(-1)}
    return orjson.dumps({"model_name": model, "outputs": [tensor]}, option=orjson.OPT_SERIALIZE_NUMPY)
