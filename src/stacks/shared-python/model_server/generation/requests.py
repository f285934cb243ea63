"""What requests of OpenAI's two interfaces for texts say, and what of it is done here.

https://platform.openai.com/docs/api-reference/completions
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..errors import ApiError
from .byte_level import ByteLevelTokenizer

MOST_STOPS = 4
LONGEST_STOP = 256  # each is looked for at every token

# Members that would make another answer than is given here, with the values at which they do not.
REFUSED = {
    "n": ((1,), "this server gives one choice for each prompt; ask as often as you need"),
    "best_of": ((1,), "this server gives one choice for each prompt"),
    "echo": ((False,), "this server does not repeat prompts"),
    "suffix": (("",), "this server does not insert"),
    "logprobs": ((False,), "this server does not give them"),
    "presence_penalty": ((0,), "this server does not penalise tokens"),
    "frequency_penalty": ((0,), "this server does not penalise tokens"),
    "logit_bias": (({},), "this server does not prefer tokens"),
    "temperature": ((0,), "this server takes the most probable token each time: temperature must be 0, or left out"),
}


class StreamOptions(BaseModel):
    model_config = ConfigDict(strict=True)

    include_usage: bool | None = None


class SamplingRequest(BaseModel):
    """Members that the API does not know are ignored; whatever may be left out may be null."""

    model_config = ConfigDict(strict=True)

    model: str | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | list[str] | None = None
    ignore_eos: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Any = None
    best_of: Any = None
    echo: Any = None
    suffix: Any = None
    logprobs: Any = None
    presence_penalty: Any = None
    frequency_penalty: Any = None
    logit_bias: Any = None
    temperature: Any = None

    @property
    def includes_usage(self) -> bool:
        return bool(self.stream_options and self.stream_options.include_usage)


class CompletionRequest(SamplingRequest):
    prompt: Any = None


class ChatRequest(SamplingRequest):
    messages: Any = None


@dataclass(frozen=True)
class Continuation:
    """How the prompts of a request are continued."""

    most_tokens: int | None
    stops: tuple[str, ...] = ()
    ignores_end: bool = False


def continuation_of(request: SamplingRequest, name: str, usual_tokens: int | None) -> Continuation:
    """
    :param name: the model's.
    :param usual_tokens: generated where the request says nothing; None: as many as there is room for.
    :raises ApiError: when it asks for what is not done here.
    """
    if request.model is not None and request.model != name:
        raise ApiError(404, f"The model '{request.model}' does not exist", "model", "model_not_found")
    for member, (harmless, reason) in REFUSED.items():
        value = getattr(request, member)
        # False equals 0 in Python, and is another value in JSON.
        if value is not None and not any(value == due and isinstance(value, bool) == isinstance(due, bool) for due in harmless):
            raise ApiError(400, f"{member} is {value}: {reason}", member)
    for member in ("max_completion_tokens", "max_tokens"):
        if (most := getattr(request, member)) is not None and most < 1:
            raise ApiError(400, f"{member} is {most}, and must be 1 at least", member)
    stops = [request.stop] if isinstance(request.stop, str) else request.stop or []
    if len(stops) > MOST_STOPS or not all(1 <= len(stop) <= LONGEST_STOP for stop in stops):
        raise ApiError(400, f"stop must be a text or up to {MOST_STOPS}, each of 1 to {LONGEST_STOP} characters", "stop")
    most = request.max_completion_tokens or request.max_tokens or usual_tokens
    return Continuation(most, tuple(stops), bool(request.ignore_eos))


def chat_prompt(messages: Any) -> str:
    """The models have no template of their own for conversations: a line `role: content` for each message, and `assistant:` at the end."""
    if not isinstance(messages, list) or not messages:
        raise ApiError(400, "messages must be an array of at least one message", "messages")
    lines = []
    for message in messages:
        role, content = (message.get("role"), _text(message.get("content"))) if isinstance(message, dict) else (None, None)
        if not isinstance(role, str) or not role or content is None:
            raise ApiError(400, "a message must have a role and a content: a string, or an array of parts of type text", "messages")
        lines.append(f"{role}: {content}\n")
    return "".join([*lines, "assistant:"])


def _text(content: Any) -> str | None:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    parts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None for part in content]
    return "".join(parts) if all(isinstance(part, str) for part in parts) else None


class PromptReader:
    """Turns prompts into tokens, and holds them to the limits."""

    def __init__(self, tokenizer: ByteLevelTokenizer, begin: int | None, vocabulary: int, capacity: int, max_items: int):
        """
        :param begin: the token before every text, where the model has one.
        :param vocabulary: ids are below this.
        :param capacity: tokens of one sequence; one at least must be left to generate.
        :param max_items: prompts of one request.
        """
        self._tokenizer = tokenizer
        self._begin = [] if begin is None else [begin]
        self._vocabulary = vocabulary
        self._most = capacity - 1
        self._max_items = max_items

    def read(self, value: Any, name: str = "prompt") -> list[list[int]]:
        """The tokens of each prompt: a text, a list of texts, a list of token ids, or a list of such lists.

        :raises ApiError: when it is none of these, empty or too long.
        """
        if value is None:
            raise ApiError(400, f"You must provide a {name} parameter", name)
        prompts: Sequence[Any] = [value] if isinstance(value, str) or _is_tokens(value) else value
        if not isinstance(prompts, list) or not all(isinstance(prompt, (str, list)) for prompt in prompts):
            forms = "a string, an array of strings, an array of token ids, or an array of arrays of token ids"
            raise ApiError(400, f"{name} must be {forms}", name)
        if not prompts or not all(prompts):
            raise ApiError(400, f"{name} must not be empty", name)
        if len(prompts) > self._max_items:
            raise ApiError(400, f"{name} has {len(prompts)} items, the limit of this server is {self._max_items}", name)
        return [self._of_text(prompt, name) if isinstance(prompt, str) else self._of_tokens(prompt, name) for prompt in prompts]

    def _of_text(self, text: str, name: str) -> list[int]:
        # What cannot fit, however it is cut into tokens, is not cut.
        if len(text) > self._most * self._tokenizer.longest_token:
            raise self._too_long(f"{len(text)} characters", name)
        return self._fitting([*self._begin, *self._tokenizer.encode(text)], name)

    def _of_tokens(self, tokens: list[Any], name: str) -> list[int]:
        if not all(type(token) is int and 0 <= token < self._vocabulary for token in self._fitting(tokens, name)):
            raise ApiError(400, f"{name} holds a token that is not a whole number from 0 to {self._vocabulary - 1}", name)
        return tokens

    def _fitting(self, tokens: list[int], name: str) -> list[int]:
        if len(tokens) > self._most:
            raise self._too_long(f"{len(tokens)} tokens", name)
        return tokens

    def _too_long(self, length: str, name: str) -> ApiError:
        limit = f"the model takes {self._most} tokens, so that one of its {self._most + 1} is left to generate"
        return ApiError(400, f"{name} has {length}, and {limit}; shorten it", name, "context_length_exceeded")


def _is_tokens(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], (int, float))
