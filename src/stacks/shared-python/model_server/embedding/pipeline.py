"""Embeddings behind OpenAI's API."""
from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from fastapi import FastAPI, Response

from .. import metrics
from ..application import Server
from ..model import ModelFolder, Runtime
from ..settings import Settings
from .characters import CharacterTable
from .encoder import Encoder
from .openai import EmbeddingRequest, answer, texts_of
from .wordpiece import WordPieceTokenizer


class EmbeddingPipeline:
    title = "Embeddings"
    #: A text of 128 tokens takes the tokenizer a fraction of the time of its execution.
    prepares_quickly = True

    def __init__(self, settings: Settings, model: ModelFolder):
        self._settings = settings
        self._model = model
        self._dimensions = model.manifest["dimensions"]
        tokenizer = model.manifest["tokenizer"]
        self._tokenizer = WordPieceTokenizer.load(
            model.path / tokenizer["vocabularyFile"], CharacterTable.load(Path(settings.characters)), tokenizer["maximumTokens"])

    def use(self, runtime: Runtime) -> None:
        metrics.tell_library(*runtime.library)
        self._encoder = Encoder(self._tokenizer, runtime, self._dimensions)

    def prepare(self, items: Sequence[str]) -> list[list[int]]:
        return self._encoder.tokenize(items)

    def execute(self, inputs: Sequence[list[int]]) -> np.ndarray:
        return self._encoder.execute(inputs)

    def in_groups(self, inputs: Sequence[list[int]], size: int) -> np.ndarray:
        return self._encoder.in_groups(inputs, size)

    def group(self, prepared: list[int], step: int) -> object:
        return -(-len(prepared) // step) if step else None

    def warm_up(self) -> None:
        self._encoder.warm_up()

    def add_routes(self, app: FastAPI, server: Server) -> None:
        async def embeddings(request: EmbeddingRequest) -> Response:
            started = time.perf_counter()
            texts = texts_of(request, self._model.name, self._dimensions, self._settings.max_items)
            rows, sequences = await server.compute(texts)
            tokens = sum(map(len, sequences))
            return server.answer(answer(self._model.name, np.asarray(rows), tokens, request.encoding_format == "base64"), started)

        app.post("/v1/embeddings")(embeddings)
