"""An ASGI middleware that refuses large requests; neither uvicorn nor FastAPI has a limit."""
from __future__ import annotations

from .errors import ApiError


class BodyLimit:
    def __init__(self, app, max_body: int):
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
        if length > self._max_body:
            await self._refuse(send)
            return
        received = 0
        refused = False

        async def counted():
            nonlocal received, refused
            message = await receive()
            received += len(message.get("body", b""))
            # Chunked bodies have no length beforehand. The application sees the client leave, and its answer is dropped.
            if received > self._max_body:
                if not refused:
                    refused = True
                    await self._refuse(send)
                return {"type": "http.disconnect"}
            return message

        async def unless_refused(message):
            if not refused:
                await send(message)

        await self._app(scope, counted, unless_refused)

    async def _refuse(self, send) -> None:
        body = ApiError(413, f"The request has more than {self._max_body} bytes, the limit of this server").body()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})
