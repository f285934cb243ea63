"""Servers that speak OpenAI's interfaces: what they share."""

import json

from server import Personality, Reply, texts_of


class OpenAi(Personality):
    """The oracle speaks them as well, so that good requests are passed through."""

    idle = 5.0

    def infer(self, path, headers, body):
        status, given, kind = self.oracle.ask("POST", path, body)
        if status == 200:
            self.done(json.loads(body), given)
            return Reply(200, given, kind.split(";")[0])
        return Reply(status, given)

    def done(self, asked, given):
        """Counts a good request."""
        self.count("texts", len(texts_of(asked.get("input", ""))))
