"""Why a request is not answered, in the form that OpenAI's API gave to errors and that many servers took over."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import orjson


class ApiError(Exception):
    def __init__(self, status: int, message: str, param: str | None = None, code: str | None = None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code

    @classmethod
    def unreadable(cls, errors: Sequence[Any]) -> Self:
        """
        :param errors: what pydantic has against the request's JSON.
        """
        first = errors[0]
        where = [str(part) for part in first["loc"] if part != "body"]
        if first["type"] == "json_invalid" or not where:
            return cls(400, f"The body is not a request: {first['msg']}")
        return cls(400, f"{where[0]}: {first['msg']}", where[0])

    def body(self) -> bytes:
        kind = "rate_limit_error" if self.status == 429 else "invalid_request_error" if self.status < 500 else "server_error"
        return orjson.dumps({"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}})
