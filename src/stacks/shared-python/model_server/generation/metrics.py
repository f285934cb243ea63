"""Counters of texts that are continued, beside those that every server has."""
from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from ..metrics import SECONDS

PROMPT_TOKENS = Counter("server_prompt_tokens", "Tokens of prompts that have been read.")
GENERATED_TOKENS = Counter("server_generated_tokens", "Tokens that have been generated.")
CANCELLED = Counter("server_sequences_cancelled", "Sequences that were given up because their client had left.")
RUNNING = Gauge("server_sequences_running", "Sequences that hold a slot.", multiprocess_mode="livesum")
WAITING = Gauge("server_sequences_waiting", "Sequences that wait for a slot.", multiprocess_mode="livesum")
STEP_SECONDS = Histogram("server_step_seconds", "Time of a step, which gives a token to every sequence that holds a slot.", buckets=SECONDS)
FIRST_TOKEN_SECONDS = Histogram("server_first_token_seconds", "Time from a prompt's arrival to its first token.", buckets=SECONDS)
