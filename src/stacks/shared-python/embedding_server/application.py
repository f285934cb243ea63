"""The FastAPI application around an embedder."""
from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from . import metrics
from .body_limit import BodyLimit
from .model import ModelFolder
from .openai import ApiError, EmbeddingRequest, answer, texts_of
from .settings import Settings

# Gives the embeddings of some texts, float32 [texts, dimensions], and how many tokens they had.
Embed = Callable[[list[str]], Awaitable[tuple[np.ndarray, int]]]


def application(settings: Settings, model: ModelFolder, start: Callable[[], AbstractAsyncContextManager[Embed]]) -> FastAPI:
    """
    :param start: loads and warms the model when entered, and releases it when left.
    """
    server = _Server(settings, model, start)
    app = FastAPI(title=f"Embeddings of {model.name}", lifespan=server.lifespan)
    app.add_middleware(BodyLimit, max_body=settings.max_body)
    app.post("/v1/embeddings")(server.embeddings)
    app.get("/v1/models")(server.models)
    app.get("/health")(server.health)
    app.get("/metrics")(server.metrics)
    app.add_exception_handler(ApiError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_unreadable)
    app.add_exception_handler(HTTPException, _refuse_unknown_url)
    app.add_exception_handler(Exception, _confess)
    return app


class _Server:
    def __init__(self, settings: Settings, model: ModelFolder, start: Callable[[], AbstractAsyncContextManager[Embed]]):
        self._settings = settings
        self._model = model
        self._start = start
        self._embed: Embed | None = None
        self._created = int(time.time())
        self._inside = 0

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        # Loaded once for each process, before it accepts a connection.
        async with self._start() as embed:
            self._embed = embed
            yield
            self._embed = None

    async def embeddings(self, request: EmbeddingRequest) -> Response:
        started = time.perf_counter()
        texts = texts_of(request, self._model.name, self._model.dimensions, self._settings.max_items)
        if self._embed is None:
            raise ApiError(503, "The server is not ready", code="not_ready")
        if self._inside + len(texts) > self._settings.max_waiting:
            raise ApiError(429, "The server is at its limit; try again in a moment", code="queue_full")
        self._inside += len(texts)
        try:
            vectors, tokens = await self._embed(texts)
        finally:
            self._inside -= len(texts)
        # A ready-made Response: FastAPI neither validates nor copies 384 numbers a text once more.
        response = Response(answer(self._model.name, vectors, tokens, request.encoding_format == "base64"), media_type="application/json")
        metrics.REQUESTS.labels(200).inc()
        metrics.REQUEST_SECONDS.observe(time.perf_counter() - started)
        return response

    async def models(self) -> dict:
        model = {"id": self._model.name, "object": "model", "created": self._created, "owned_by": "servebench"}
        return {"object": "list", "data": [model]}

    async def health(self) -> Response:
        """200 only when the model is loaded and warm."""
        return Response(status_code=200 if self._embed is not None else 503)

    async def metrics(self) -> Response:
        body, media_type = metrics.render()
        return Response(body, media_type=media_type)


def _refusal(error: ApiError) -> Response:
    metrics.REQUESTS.labels(error.status).inc()
    return Response(error.body(), status_code=error.status, media_type="application/json")


async def _refuse(_: Request, error: ApiError) -> Response:
    return _refusal(error)


async def _refuse_unreadable(_: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"] if part != "body"]
    if first["type"] == "json_invalid" or not where:
        return _refusal(ApiError(400, f"The body is not a request: {first['msg']}"))
    return _refusal(ApiError(400, f"{where[0]}: {first['msg']}", where[0]))


async def _refuse_unknown_url(request: Request, error: HTTPException) -> Response:
    if error.status_code in (404, 405):
        return _refusal(ApiError(404, f"Unknown request URL: {request.method} {request.url.path}", code="unknown_url"))
    return _refusal(ApiError(error.status_code, str(error.detail)))


async def _confess(_: Request, __: Exception) -> Response:
    """The exception itself goes to the log: Starlette raises it again once this is sent."""
    return _refusal(ApiError(500, "The request failed; the server's log says why"))
