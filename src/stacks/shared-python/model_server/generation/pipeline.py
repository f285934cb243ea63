"""Texts continued behind OpenAI's API and over a WebSocket."""
from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request, Response, WebSocket

from .. import metrics
from ..application import Server
from ..model import ModelFolder
from ..settings import Settings
from .answering import EventStream, Texts, events, whole
from .byte_level import ByteLevelTokenizer
from .formats import ChatFormat, CompletionFormat
from .loop import Decoder, GenerationLoop
from .output_text import OutputText
from .requests import ChatRequest, CompletionRequest, Continuation, PromptReader, SamplingRequest, chat_prompt, continuation_of
from .sequence import Sequence
from .sockets import SocketSession

#: OpenAI's own default for completions.
USUAL_TOKENS = 16

#: A text of fewer is cut into tokens in some milliseconds.
QUICK_CHARACTERS = 10_000


class GenerationPipeline:
    """Its stack starts it with `continuous`, and it asks what that gives: a GenerationLoop."""

    title = "Continued texts"

    def __init__(self, settings: Settings, model: ModelFolder):
        self._settings = settings
        self._model = model
        self._described = model.manifest["tokenizer"]
        self._tokenizer = ByteLevelTokenizer.load(
            model.path / self._described["vocabularyFile"], model.path / self._described["mergesFile"])

    def use(self, runtime: Any) -> None:
        """
        :param runtime: a Decoder; a runtime of whole batches cannot continue texts.
        """
        if not isinstance(runtime, Decoder):
            raise ValueError(f"{self._model.name} continues texts, and this stack serves models that answer at once")
        metrics.tell_library(*runtime.library)
        self._decoder = runtime

    def warm_up(self) -> None:
        """A short and a longer prompt, and steps of one and of several sequences."""
        count = min(4, self._decoder.slots)
        for length in (8, 64):
            length = min(length, self._decoder.capacity - 4)
            for slot in range(count):
                self._decoder.read(slot, [0] * length)
            for step in range(3):
                for sequences in {1, count}:
                    self._decoder.step([0] * sequences, [length + step] * sequences)

    def add_routes(self, app: FastAPI, server: Server) -> None:
        async def completions(body: CompletionRequest, request: Request) -> Response:
            return await self._answer(server, request, body, body.prompt, USUAL_TOKENS, CompletionFormat)

        async def conversations(body: ChatRequest, request: Request) -> Response:
            return await self._answer(server, request, body, chat_prompt(body.messages), None, ChatFormat)

        async def one(asked: CompletionRequest) -> Texts:
            return await self._begin(server, asked, asked.prompt, USUAL_TOKENS, most_items=1)

        async def socket(connection: WebSocket) -> None:
            await SocketSession(connection, server, one).serve()

        app.post("/v1/completions")(completions)
        app.post("/v1/chat/completions")(conversations)
        app.websocket("/v1/generate/ws")(socket)

    async def _answer(
        self,
        server: Server,
        request: Request,
        body: SamplingRequest,
        prompt: Any,
        usual_tokens: int | None,
        form: Callable[[str, bool], CompletionFormat],
    ) -> Response:
        started = time.perf_counter()
        texts = await self._begin(server, body, prompt, usual_tokens, self._settings.max_items)
        format_ = form(self._model.name, body.includes_usage)
        if body.stream:
            return EventStream(texts, events(texts, format_, server, started))
        if (answers := await whole(texts, request)) is None:
            return Response(status_code=499)  # nobody is there to read it
        return server.answer(format_.answer(answers, texts.usage()), started)

    async def _begin(self, server: Server, body: SamplingRequest, prompt: Any, usual_tokens: int | None, most_items: int) -> Texts:
        """Hands the prompts to the generation loop.

        :raises ApiError: when they cannot be continued.
        """
        loop: GenerationLoop = server.engine
        continuation = continuation_of(body, self._model.name, usual_tokens)
        started = time.perf_counter()
        reader = self._reader(most_items)
        # The other requests of the event loop must not wait for the tokens of many prompts, or of a book.
        is_quick = isinstance(prompt, str) and len(prompt) < QUICK_CHARACTERS
        prompts = reader.read(prompt) if is_quick else await anyio.to_thread.run_sync(reader.read, prompt)
        metrics.INPUT_SECONDS.observe(time.perf_counter() - started)
        texts = Texts(prompts, lambda tokens, deliver: self._sequence(tokens, continuation, deliver))
        loop.submit(texts.sequences)
        return texts

    def _reader(self, most_items: int) -> PromptReader:
        vocabulary = self._model.manifest["vocabulary"]
        return PromptReader(self._tokenizer, self._described.get("begin"), vocabulary, self._decoder.capacity, most_items)

    def _sequence(self, prompt: list[int], continuation: Continuation, deliver: Callable[[Any], None]) -> Sequence:
        text = OutputText(self._tokenizer, continuation.stops)
        return Sequence(prompt, continuation, text, self._described["end"], self._decoder.capacity, deliver)


@asynccontextmanager
async def continuous(settings: Settings, pipeline: GenerationPipeline, load: Callable[[], Decoder]) -> AsyncIterator[GenerationLoop]:
    """As many sequences at once as the decoder has slots; with one, a text after the other."""
    decoder = load()
    pipeline.use(decoder)
    pipeline.warm_up()
    loop = GenerationLoop(decoder, settings.max_waiting)
    yield loop
    await anyio.to_thread.run_sync(loop.close)
