"""Serves the connections of a listener in one process.

It answers POST with an OpenAI embeddings body (`input`: texts) or a toy body (`of`: a number, which is doubled), as events when
`stream` is true. GET /metrics gives its counters, GET of anything else its health.
"""

import json
import math
import socket
import threading
import time

from counters import Board
from phases import HEALTH, UNREADY
from wire import Wire
from work import Answers, Batcher, Computer


class Server:
    def __init__(self, habits, phases):
        self.habits = habits
        self.phases = phases
        self.board = Board(habits)
        self.answers = Answers(habits.model)
        self.computer = Computer([int(c) for c in habits.own_affinity.split(",")] if habits.own_affinity else [], habits.work)
        self.batcher = Batcher(habits.batch_window, self.execute)
        self.open = 0
        self.asked = 0
        self.mayfail = 0
        self.lock = threading.Lock()

    def serve(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with self.lock:
            self.open += 1
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = Wire(connection, self.habits)
            while (request := wire.next()) and self.exchange(wire, *request):
                pass
        except OSError:
            pass  # the other side has left, or was idle for too long
        finally:
            connection.close()
            with self.lock:
                self.open -= 1

    def exchange(self, wire, method, path, body):
        """Whether the connection goes on."""
        while (phase := self.phases.now()) in UNREADY and UNREADY[phase] is None:
            time.sleep(0.02)
        if phase in UNREADY:
            return wire.send(UNREADY[phase], {"error": "not ready"})
        if method == "GET":
            return wire.send(*self.board.text(), kind="text/plain") if path == "/metrics" else wire.send(200, {"status": HEALTH[phase]})
        if phase in ("early", "lies"):
            return wire.send(503, {"error": "the model is being loaded"})
        if phase == "unhealthy":
            return wire.send(500, {"error": "the worker is dead"})
        return self.infer(wire, json.loads(body), phase == "wrong")

    def infer(self, wire, request, wrong):
        habits = self.habits
        items = [request["of"]] if "of" in request else request.get("input", [])
        items = items if isinstance(items, list) else [items]
        is_spared = all(str(item) in habits.spare for item in items)
        if habits.fail is not None and not is_spared and self.fails():
            body = habits.fail_body or json.dumps({"error": {"message": "queue is full", "type": "overloaded"}})
            return wire.send(habits.fail, body, headers=habits.fail_header, failed=True)
        began = time.monotonic()
        status, given = self.batcher.submit(items)
        self.board.add(1, 0, 0, time.monotonic() - began)
        if status != 200:
            return wire.send(status, {"error": given}, failed=True)
        if wrong:
            given = [Answers.wrong(vector) for vector in given]
        if request.get("stream"):
            self.stream(wire, given, "well" if is_spared else habits.stream)
            return False
        if "of" in request:
            return wire.send(200, {"answers": given})
        data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(given)]
        usage = {"prompt_tokens": len(items), "total_tokens": len(items)}
        return wire.send(200, {"object": "list", "data": data, "model": request.get("model"), "usage": usage})

    def execute(self, requests):
        """Everything in one execution; a result for each request."""
        bad = [any(map(Answers.is_bad, items)) for items in requests]
        if any(bad) and self.habits.bad_item == "whole-batch":
            return [(500, "the batch failed")] * len(requests)
        good = [items for items, is_bad in zip(requests, bad) if not is_bad]
        self.computer.compute()
        self.board.add(0, sum(map(len, good)), 1 if good else 0, 0)
        return [
            (400, "an item is no text") if is_bad else (200, [self.answers.of(item) for item in items])
            for items, is_bad in zip(requests, bad)]

    def fails(self):
        with self.lock:
            self.asked += 1
            if self.asked <= self.habits.fail_after:
                return False
            self.mayfail += 1
            return math.floor(self.mayfail * self.habits.fail_share) > math.floor((self.mayfail - 1) * self.habits.fail_share)

    @staticmethod
    def stream(wire, given, how):
        """Two tokens, the answer, the end; or what else such a stream may be."""
        wire.begin_events()
        if how == "silent":
            wire.until_left()
            return
        number = 0
        while number < 2 or how == "endless":
            wire.event({"token": number})
            number += 1
            time.sleep(0.005)
        if how == "error-event":
            wire.event({"error": {"message": "the engine stopped"}})
            return
        wire.event({"answers": given})
        wire.event("[DONE]")
