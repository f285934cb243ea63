"""The Open Inference Protocol over HTTP, with its extension for binary tensors, for one input of prepared pixels."""
from __future__ import annotations

import numpy as np
import orjson

from ..errors import ApiError

LENGTH_HEADER = "inference-header-content-length"


def read(body: bytes, head: str | None, size: int, max_items: int, output: str) -> np.ndarray:
    """
    :param head: how many bytes of the body are JSON, as the request's header says; None where all are.
    :param size: width and height that the network sees.
    :param output: the name of the graph's output.
    :returns: float32 [images, 3, size, size].
    :raises ApiError: when it is no request that can be answered.
    """
    length = len(body) if head is None else _length(head, len(body))
    try:
        asked = orjson.loads(body[:length])
        [tensor] = asked["inputs"]
        name, datatype, shape = tensor["name"], tensor["datatype"], [int(side) for side in tensor["shape"]]
        binary = tensor.get("parameters", {}).get("binary_data_size")
        data = tensor.get("data")
        outputs = [(wanted["name"], wanted.get("parameters", {}).get("binary_data", False)) for wanted in asked.get("outputs", [])]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ApiError(400, f"The body is not an inference request with one input: {error!r}") from None
    if (name, datatype) != ("pixels", "FP32") or len(shape) != 4 or shape[1:] != [3, size, size]:
        raise ApiError(400, f"The input must be pixels, FP32 [images, 3, {size}, {size}], and is {name}, {datatype} {shape}", "inputs")
    if not 1 <= shape[0] <= max_items:
        raise ApiError(400, f"The input has {shape[0]} images; 1 to {max_items} are answered", "inputs")
    for wanted, is_binary in outputs:
        if wanted != output or is_binary:
            raise ApiError(400, f"The only output is {output}, as numbers in JSON; {wanted}{' as bytes' if is_binary else ''} was asked for", "outputs")
    if (binary is None) == (data is None):
        raise ApiError(400, "The input must have either data or the parameter binary_data_size", "inputs")
    if binary is None and length != len(body):
        raise ApiError(400, f"{len(body) - length} bytes follow the JSON, and no input has the parameter binary_data_size", "inputs")
    if binary is not None and (type(binary) is not int or binary != len(body) - length):
        raise ApiError(400, f"binary_data_size is {binary}, and {len(body) - length} bytes follow the JSON", "inputs")
    try:
        pixels = np.frombuffer(body, "<f4", offset=length) if binary is not None else np.asarray(data, dtype=np.float32)
        return pixels.reshape(shape)
    except (ValueError, TypeError) as error:
        raise ApiError(400, f"The data of pixels does not have the shape {shape}: {error}", "inputs") from None


def _length(head: str, most: int) -> int:
    if len(head) > 20 or not head.isascii() or not head.isdigit() or int(head) > most:
        raise ApiError(400, f"{LENGTH_HEADER} is '{head}'; it must be a number of the body's {most} bytes")
    return int(head)


def answer(model: str, output: str, scores: np.ndarray) -> bytes:
    """
    :param output: the name of the graph's output.
    :param scores: float32 [images, classes].
    """
    tensor = {"name": output, "datatype": "FP32", "shape": list(scores.shape), "data": np.ascontiguousarray(scores).reshape(-1)}
    return orjson.dumps({"model_name": model, "outputs": [tensor]}, option=orjson.OPT_SERIALIZE_NUMPY)
