"""A prepared model by itself, for servers that bring their own HTTP and counters: texts in, embeddings out; or images in, classes out.

Nothing here imports FastAPI, and images are only imported where the model needs them.
"""
from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .model import ModelFolder, Runtime

CHARACTERS = Path(__file__).with_name("bert-uncased-characters.txt")


class Refusal(ValueError):
    """A request that is no request: the client's fault."""


class Texts:
    """Embeds texts; may be called by several threads at once."""

    def __init__(self, model: ModelFolder, runtime: Runtime):
        from .embedding.characters import CharacterTable
        from .embedding.wordpiece import WordPieceTokenizer

        tokenizer = model.manifest["tokenizer"]
        characters = CharacterTable.load(Path(os.environ.get("CHARACTERS", CHARACTERS)))
        self._tokenizer = WordPieceTokenizer.load(model.path / tokenizer["vocabularyFile"], characters, tokenizer["maximumTokens"])
        self._runtime = runtime
        self.name = model.name

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [texts, dimensions], each of length 1; in one execution."""
        from .embedding.padding import pad

        ids, mask = pad([self._tokenizer.encode(text) for text in texts], self._tokenizer.pad)
        return self._runtime.run({"input_ids": ids, "attention_mask": mask})

    def embed_all(self, requests: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """The texts of several requests in one execution; the rows of each."""
        rows = self.embed([text for texts in requests for text in texts])
        return np.split(rows, np.cumsum([len(texts) for texts in requests])[:-1])

    def warm_up(self) -> None:
        for _ in range(3):
            self.embed(["whale " * 6])
            self.embed(["whale " * 60])


class Images:
    """Classifies images; may be called by several threads at once."""

    def __init__(self, model: ModelFolder, runtime: Runtime, max_pixels: int = 50_000_000):
        from .classification.images import ImageInput

        self._input = ImageInput.of(model.manifest)
        self._are_logits = model.manifest["output"] == "logits"
        self._runtime = runtime
        self._max_pixels = max_pixels
        self.name = model.name

    def scores(self, files: Sequence[bytes]) -> np.ndarray:
        """float32 [images, classes], in one execution.

        :raises Refusal: when a file is no image that can be decoded.
        """
        from .classification.images import prepare
        from .errors import ApiError

        try:
            pixels = np.stack([prepare(file, self._input, self._max_pixels) for file in files])
        except ApiError as error:
            raise Refusal(error.message) from None
        return self._runtime.run({"pixels": pixels})

    def predictions(self, scores: np.ndarray, top: int, with_logits: bool) -> list[dict[str, Any]]:
        """The best classes of each image with their probabilities, best first; all logits where they are asked for."""
        given = []
        for row in scores:
            powers = np.exp(row - row.max())
            probabilities = powers / powers.sum() if self._are_logits else row
            best = np.argsort(-row, kind="stable")[:top]
            prediction = {"classes": best.tolist(), "scores": probabilities[best].tolist()}
            if with_logits and self._are_logits:
                prediction["logits"] = row.tolist()
            given.append(prediction)
        return given

    def warm_up(self) -> None:
        side = self._input.size
        for batch in (1, 4):
            for _ in range(3):
                self._runtime.run({"pixels": np.zeros((batch, 3, side, side), dtype=np.float32)})


def load(folder: str, threads: int = 0) -> Texts | Images:
    """The model of a prepared folder in ONNX Runtime, warm.

    :param threads: of one execution; 0 leaves ONNX Runtime's defaults.
    """
    from .onnx_runtime import OnnxRuntime

    model = ModelFolder.read(folder)
    return with_runtime(model, OnnxRuntime(model.onnx_file, threads))


def with_runtime(model: ModelFolder, runtime: Runtime) -> Texts | Images:
    """The model with what executes it, warm."""
    served = Texts(model, runtime) if model.embeds else Images(model, runtime)
    served.warm_up()
    return served


def texts_of(value: object) -> list[str]:
    """The texts of a request: one, or a list.

    :raises Refusal: when it is anything else, or one is empty.
    """
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise Refusal("the input must be a text that is not empty, or a list of such texts")
    return texts


def files_of(value: object) -> list[bytes]:
    """The images of a request, which are in base64.

    :raises Refusal: when they are not.
    """
    if not isinstance(value, list) or not value or not all(isinstance(image, str) for image in value):
        raise Refusal("images must be a list of images in base64")
    try:
        return [base64.b64decode(image, validate=True) for image in value]
    except binascii.Error as error:
        raise Refusal(f"an image is no base64: {error}") from None


def embeddings_answer(name: str, rows: np.ndarray) -> dict[str, Any]:
    """As OpenAI's interface has it; tokens are not counted."""
    data = [{"object": "embedding", "index": i, "embedding": row.tolist()} for i, row in enumerate(rows)]
    return {"object": "list", "data": data, "model": name, "usage": {"prompt_tokens": 0, "total_tokens": 0}}


def answer(served: Texts | Images, body: object) -> dict[str, Any]:
    """What a request as OpenAI's for embeddings, or one of `images`, is answered, executed by itself.

    :raises Refusal: when it is no request that can be answered.
    """
    if not isinstance(body, dict):
        raise Refusal("the body must be a JSON object")
    if isinstance(served, Texts):
        return embeddings_answer(served.name, served.embed(texts_of(body.get("input"))))
    top, with_logits = body.get("top_k", 5), body.get("logits", False) is True
    if not isinstance(top, int) or top < 1:
        raise Refusal("top_k must be a number from 1")
    return {"model": served.name, "predictions": served.predictions(served.scores(files_of(body.get("images"))), top, with_logits)}
