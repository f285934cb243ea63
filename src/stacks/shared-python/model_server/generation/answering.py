"""How the pieces of a request's texts get to its client, and how its leaving is noticed."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse

from ..application import Server
from ..errors import ApiError
from .formats import CompletionFormat, usage
from .sequence import Piece, Sequence

T = TypeVar("T")


class Texts:
    """The prompts of one request, which are continued together."""

    def __init__(self, prompts: list[list[int]], make: Callable[[list[int], Callable[[Piece | Exception], None]], Sequence]):
        """
        :param make: a sequence, given its prompt and what it delivers its pieces to.
        """
        self._news: asyncio.Queue[tuple[int, Piece | Exception]] = asyncio.Queue()
        self.sequences = [make(prompt, lambda news, item=item: self._news.put_nowait((item, news))) for item, prompt in enumerate(prompts)]

    async def pieces(self) -> AsyncIterator[tuple[int, Piece]]:
        """The pieces of all as they come, each with the number of its prompt.

        :raises ApiError: when one cannot go on; its client can be told no more than that.
        """
        left = len(self.sequences)
        while left:
            item, news = await self._news.get()
            if isinstance(news, ApiError):
                raise news
            if isinstance(news, Exception):
                # The generation loop has logged what it was.
                raise ApiError(500, "The request failed; the server's log says why") from news
            yield item, news
            left -= news.finish is not None

    def usage(self) -> dict:
        return usage(sum(len(s.prompt) for s in self.sequences), sum(s.generated for s in self.sequences))

    def withdraw(self) -> None:
        """Gives up what is not finished."""
        for sequence in self.sequences:
            sequence.withdraw()


class EventStream(StreamingResponse):
    """The texts are withdrawn however it ends, also when nothing of it was sent."""

    def __init__(self, texts: Texts, content: AsyncIterator[bytes]):
        super().__init__(content, media_type="text/event-stream", headers={"cache-control": "no-cache"})
        self._texts = texts

    async def __call__(self, scope, receive, send) -> None:
        # Starlette leaves it to uvicorn to say that the client has left (version 2.4 of ASGI), and uvicorn 0.32 passes over it.
        try:
            await unless(departure(receive), self.stream_response(send))
        finally:
            self._texts.withdraw()


async def events(texts: Texts, form: CompletionFormat, server: Server, started: float) -> AsyncIterator[bytes]:
    """A token as soon as it is there.

    :param started: when the request's body was there, by time.perf_counter.
    """
    try:
        async for item, piece in texts.pieces():
            if chunk := b"".join(form.piece(item, piece)):
                yield chunk
    except ApiError as error:
        # The status has been sent: the stream says what happened.
        server.refused(error)
        yield form.failure(error)
        return
    server.answered(started)
    yield form.end(texts.usage())


async def whole(texts: Texts, request: Request) -> list[tuple[str, str | None]] | None:
    """What follows each prompt and why it ended; None when the client has left meanwhile.

    :raises ApiError: when one cannot go on.
    """

    async def collected() -> list[tuple[str, str | None]]:
        answers: list[tuple[str, str | None]] = [("", None)] * len(texts.sequences)
        async for item, piece in texts.pieces():
            answers[item] = (answers[item][0] + piece.text, piece.finish)
        return answers

    try:
        return await unless(departure(request.receive), collected())
    finally:
        texts.withdraw()


async def departure(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    """Ends when the client has left, which it may also do with its answer in hand.

    :param receive: that of ASGI, once the request's body has been read.
    """
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless(event: Awaitable[object], answer: Awaitable[T]) -> T | None:
    """The answer; None where the event comes first."""
    first, second = asyncio.ensure_future(event), asyncio.ensure_future(answer)
    try:
        await asyncio.wait((first, second), return_when=asyncio.FIRST_COMPLETED)
        return second.result() if second.done() else None
    finally:
        first.cancel()
        second.cancel()
