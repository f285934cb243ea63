"""What the server is by the time since its start."""

import math
import sys
import time

UNREADY = {"hang": None, "400": 400, "404": 404, "503": 503}
"""Phases in which it serves nothing, with what it answers to everything."""

HEALTH = {"early": "Loading", "lies": "Healthy", "wrong": "Healthy", "unhealthy": "Unhealthy", "ready": "Healthy"}
"""Phases in which its health is 200, with what the body says. `early` and `lies` refuse requests, `wrong` answers them wrongly."""


class Phases:
    def __init__(self, text, began):
        self.began = began
        self.steps = []
        for part in text.split(","):
            name, _, seconds = part.partition(":")
            if name not in UNREADY and name not in HEALTH and not (name == "refuse" and not self.steps):
                sys.exit(f"unknown phase {name}")
            self.steps.append((name, float(seconds) if seconds else math.inf))

    def now(self):
        passed = time.monotonic() - self.began
        for name, seconds in self.steps:
            if passed < seconds:
                return name
            passed -= seconds
        return self.steps[-1][0]

    def refused_for(self):
        name, seconds = self.steps[0]
        return max(0.0, self.began + seconds - time.monotonic()) if name == "refuse" else 0.0
