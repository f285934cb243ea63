"""Texts over a WebSocket: a request in a message, a message for each token, and one that says why it ended (docs/server.md)."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import orjson
from fastapi import WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from ..application import Server
from ..errors import ApiError
from .answering import Texts, unless
from .requests import CompletionRequest


class SocketSession:
    """One connection. The next message is received while the last is answered, since only so a client's close is noticed."""

    def __init__(self, socket: WebSocket, server: Server, ask: Callable[[CompletionRequest], Awaitable[Texts]]):
        """
        :param ask: begins to continue the prompt of a request.
        """
        self._socket = socket
        self._server = server
        self._ask = ask

    async def serve(self) -> None:
        await self._socket.accept()
        try:
            message = await self._receive()
            while True:
                coming = asyncio.ensure_future(self._receive())
                try:
                    await self._answer(message, coming)
                    message = await coming
                finally:
                    coming.cancel()
        except WebSocketDisconnect:
            # The client is gone, or this server is ending: uvicorn closes its WebSockets then.
            return

    async def _receive(self) -> str | bytes:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        return message.get("text") or message.get("bytes") or ""

    async def _answer(self, message: str | bytes, coming: asyncio.Future) -> None:
        started = time.perf_counter()
        try:
            texts = await self._ask(_read(message))
            try:
                if not await unless(_departure(coming), self._follow(texts)):
                    raise WebSocketDisconnect
            finally:
                texts.withdraw()
        except ApiError as error:
            self._server.refused(error)
            await self._socket.send_text(error.body().decode())
            return
        self._server.answered(started)

    async def _follow(self, texts: Texts) -> bool:
        finish = None
        async for _, piece in texts.pieces():
            finish = piece.finish
            await self._send({"index": piece.index, "id": piece.token, "text": piece.text})
        await self._send({"finish_reason": finish, "usage": texts.usage()})
        return True

    async def _send(self, value: dict) -> None:
        await self._socket.send_text(orjson.dumps(value).decode())


async def _departure(coming: asyncio.Future) -> None:
    """Ends when what comes is the client's close; another request waits for its turn."""
    try:
        await asyncio.shield(coming)
    except WebSocketDisconnect:
        return
    await asyncio.Event().wait()


def _read(message: str | bytes) -> CompletionRequest:
    try:
        return CompletionRequest.model_validate_json(message)
    except ValidationError as error:
        raise ApiError.unreadable(error.errors(include_url=False)) from None
