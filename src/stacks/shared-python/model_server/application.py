"""The FastAPI application around a pipeline."""
from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from . import metrics
from .body_limit import BodyLimit
from .errors import ApiError
from .model import ModelFolder
from .pipeline import Pipeline, pipeline_of
from .settings import Settings

# Given some items, and whether they are prepared already: a result for each, and what was prepared of each.
Compute = Callable[..., Awaitable[tuple[Sequence[Any], Sequence[Any]]]]


def application(settings: Settings, model: ModelFolder, start: Callable[[Pipeline], AbstractAsyncContextManager[Any]]) -> FastAPI:
    """
    :param start: loads and warms the model when entered, and releases it when left; what it gives is a Compute, or what else the pipeline
        asks for its answers.
    """
    pipeline = pipeline_of(settings, model)
    server = Server(settings, model, lambda: start(pipeline))
    app = FastAPI(title=f"{pipeline.title} of {model.name}", lifespan=server.lifespan)
    app.add_middleware(BodyLimit, max_body=settings.max_body)
    pipeline.add_routes(app, server)
    app.get("/v1/models")(server.models)
    app.get("/health")(server.health)
    app.get("/metrics")(server.metrics)
    app.add_exception_handler(ApiError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_unreadable)
    app.add_exception_handler(HTTPException, _refuse_unknown_url)
    app.add_exception_handler(Exception, _confess)
    return app


class Server:
    """What the routes of pipelines call."""

    def __init__(self, settings: Settings, model: ModelFolder, start: Callable[[], AbstractAsyncContextManager[Any]]):
        self._settings = settings
        self._model = model
        self._start = start
        self._engine: Any = None
        self._created = int(time.time())
        self._inside = 0

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        # Loaded once for each process, before it accepts a connection.
        async with self._start() as engine:
            self._engine = engine
            yield
            self._engine = None

    @property
    def engine(self) -> Any:
        """What the stack has started.

        :raises ApiError: when it is not ready, or no more.
        """
        if self._engine is None:
            raise ApiError(503, "The server is not ready", code="not_ready")
        return self._engine

    async def compute(self, items: Sequence[Any], prepared: bool = False) -> tuple[Sequence[Any], Sequence[Any]]:
        """A result for each item, and what was prepared of each.

        :param prepared: whether the items are inputs of the network already.
        :raises ApiError: when there is no room, or an item is nothing that can be answered.
        """
        compute: Compute = self.engine
        if self._inside + len(items) > self._settings.max_waiting:
            raise ApiError(429, "The server is at its limit; try again in a moment", code="queue_full")
        self._inside += len(items)
        try:
            return await compute(items, prepared)
        finally:
            self._inside -= len(items)

    def answer(self, body: bytes, started: float) -> Response:
        """A ready-made Response: FastAPI neither validates nor copies hundreds of numbers an item once more.

        :param started: when the request's body was there, by time.perf_counter.
        """
        self.answered(started)
        return Response(body, media_type="application/json")

    def answered(self, started: float) -> None:
        """Counts a request whose answer is complete."""
        metrics.REQUESTS.labels(200).inc()
        metrics.REQUEST_SECONDS.observe(time.perf_counter() - started)

    def refused(self, error: ApiError) -> None:
        """Counts a request that is told of an error."""
        metrics.REQUESTS.labels(error.status).inc()

    async def models(self) -> dict:
        model = {"id": self._model.name, "object": "model", "created": self._created, "owned_by": "servebench"}
        return {"object": "list", "data": [model]}

    async def health(self) -> Response:
        """200 only when the model is loaded and warm."""
        return Response(status_code=200 if self._engine is not None else 503)

    async def metrics(self) -> Response:
        body, media_type = metrics.render()
        return Response(body, media_type=media_type)


def _refusal(error: ApiError) -> Response:
    metrics.REQUESTS.labels(error.status).inc()
    return Response(error.body(), status_code=error.status, media_type="application/json")


async def _refuse(_: Request, error: ApiError) -> Response:
    return _refusal(error)


async def _refuse_unreadable(_: Request, error: RequestValidationError) -> Response:
    return _refusal(ApiError.unreadable(error.errors()))


async def _refuse_unknown_url(request: Request, error: HTTPException) -> Response:
    if error.status_code in (404, 405):
        return _refusal(ApiError(404, f"Unknown request URL: {request.method} {request.url.path}", code="unknown_url"))
    return _refusal(ApiError(error.status_code, str(error.detail)))


async def _confess(_: Request, __: Exception) -> Response:
    """The exception itself goes to the log: Starlette raises it again once this is sent."""
    return _refusal(ApiError(500, "The request failed; the server's log says why"))
