"""Counters in Prometheus text form."""
from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

INFERENCES = Counter("embedding_inferences", "Texts executed.")
EXECUTIONS = Counter("embedding_executions", "Executions of the runtime.")
TOKENS = Counter("embedding_tokens", "Tokens executed, without padding.")
PADDING = Counter("embedding_padding", "Padding executed, in tokens.")
REQUESTS = Counter("embedding_requests", "Requests, by the status of their answer.", ["status"])
TOKENIZE_SECONDS = Histogram("embedding_tokenize_seconds", "Time to make tokens of a request's texts.", buckets=SECONDS)
EXECUTION_SECONDS = Histogram("embedding_execution_seconds", "Time of each execution.", buckets=SECONDS)
REQUEST_SECONDS = Histogram("embedding_request_seconds", "Time from the request's body to its answer, of successful ones.", buckets=SECONDS)


_library: tuple[str, str] | None = None


def tell_library(name: str, version: str) -> None:
    """What computes is reported with the counters: figures of servers with different versions of a library are read differently."""
    global _library
    _library = (name, version)


def count_execution(sequences: list[list[int]], seconds: float) -> None:
    tokens = sum(map(len, sequences))
    EXECUTIONS.inc()
    INFERENCES.inc(len(sequences))
    TOKENS.inc(tokens)
    PADDING.inc(len(sequences) * max(map(len, sequences)) - tokens)
    EXECUTION_SECONDS.observe(seconds)


def render() -> tuple[bytes, str]:
    """The text and its content type; of all worker processes where there are several."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    text = generate_latest(registry)
    if _library is not None:
        # By hand: a gauge of several worker processes would be one for each.
        name, version = _library
        text += f'# HELP embedding_runtime_info What computes.\n# TYPE embedding_runtime_info gauge\nembedding_runtime_info{{name="{name}",version="{version}"}} 1\n'.encode()
    return text, CONTENT_TYPE_LATEST
