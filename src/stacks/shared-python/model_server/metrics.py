"""Counters in Prometheus text form."""
from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

INFERENCES = Counter("server_inferences", "Items executed.")
EXECUTIONS = Counter("server_executions", "Executions of the runtime.")
TOKENS = Counter("server_tokens", "Of items that differ in length, what was executed without padding: tokens of texts.")
PADDING = Counter("server_padding", "Padding executed, in the same unit.")
REQUESTS = Counter("server_requests", "Requests, by the status of their answer.", ["status"])
INPUT_SECONDS = Histogram("server_input_seconds", "Time to make the network's inputs of a request's items.", buckets=SECONDS)
EXECUTION_SECONDS = Histogram("server_execution_seconds", "Time of each execution; of a text that is continued, from its prompt to its last token.", buckets=SECONDS)
REQUEST_SECONDS = Histogram("server_request_seconds", "Time from the request's body to its answer, of successful ones.", buckets=SECONDS)


_library: tuple[str, str] | None = None


def tell_library(name: str, version: str) -> None:
    """What computes is reported with the counters: figures of servers with different versions of a library are read differently."""
    global _library
    _library = (name, version)


def count_execution(items: int, seconds: float, tokens: int = 0, padding: int = 0) -> None:
    EXECUTIONS.inc()
    INFERENCES.inc(items)
    TOKENS.inc(tokens)
    PADDING.inc(padding)
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
        text += f'# HELP server_runtime_info What computes.\n# TYPE server_runtime_info gauge\nserver_runtime_info{{name="{name}",version="{version}"}} 1\n'.encode()
    return text, CONTENT_TYPE_LATEST
