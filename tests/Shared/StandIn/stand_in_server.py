#!/usr/bin/env python3
"""A server that behaves as badly as it is told to.

Third-party servers differ in what a tool that deploys them likes to take for granted. This one has their habits as switches, so
that each habit has a test without the server that has it. Standard library only; Linux.

It answers POST with an OpenAI embeddings body (`input`: the embeddings of the model's references as model.json has them, of other
texts those of --engine, or made-up ones), with a toy body (`of`: twice the number), as events when `stream` is true. GET /metrics
gives its counters, GET of anything else its health.
"""

import argparse
import ctypes
import hashlib
import http.client
import json
import math
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

UNREADY = {"hang": None, "400": 400, "404": 404, "503": 503}
"""Phases in which it serves nothing, with what it answers to everything."""

HEALTH = {"early": "Loading", "lies": "Healthy", "wrong": "Healthy", "unhealthy": "Unhealthy", "ready": "Healthy"}
"""Phases in which its health is 200, with what the body says. `early` and `lies` refuse requests, `wrong` answers them wrongly."""

UNITS = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--port", type=int, required=True)
    add("--every-interface", action="store_true", help="listens on 0.0.0.0 whatever is asked")
    add("--model", help="folder of a prepared model: its references are answered rightly")
    add("--engine", help="JSON list: the command of a server that answers everything else; {port} in it is replaced")

    life = parser.add_argument_group("readiness")
    add = life.add_argument
    add("--phases", default="ready", help="PHASE:SECONDS,...,PHASE: refuse (first only), " + ", ".join([*UNREADY, *HEALTH]))
    add("--crash-loop", type=float, help="holds the port open while its worker dies after so many seconds, for ever")
    add("--dies", choices=["exit-1", "segv"], help="ends by itself, so many seconds after its start")
    add("--dies-after", type=float, default=0.0)
    add("--says", action="append", default=[], help="prints this line at its start, and at every start of a crashing worker")

    shape = parser.add_argument_group("processes")
    add = shape.add_argument
    add("--shape", default="plain", choices=["plain", "wrapper", "survivors", "sessions", "adopted"],
        help="plain: one process. wrapper: the main process swallows SIGTERM, its child serves. survivors: the main process dies at "
             "SIGTERM and its children serve on; SIGINT ends all. sessions: each child leads a session of its own; the main process "
             "ends them when asked to. adopted: the serving process is forked twice and adopted by init; the main one ends alone")
    add("--workers", type=int, default=1, help="serving processes, except in the shape plain")
    add("--hides-labels", action="store_true", help="serving processes have an empty environment, as titles written over it leave it")
    add("--nice", type=int, default=0)
    add("--own-affinity", help="cores, 0,1: its computing threads confine themselves to one each, past the mask it was started with")
    add("--work", type=float, default=0.0, help="milliseconds of computing for each request")
    add("--leaves", default="", help="shm,home,tmp,cwd: files that it writes and never removes")

    stop = parser.add_argument_group("stopping")
    add = stop.add_argument
    add("--stop", default="quick", choices=["quick", "exit-1", "segv", "ignores", "waits-for-idle", "slow"])
    add("--stop-limit", type=float, default=30.0, help="seconds: of slow, and after which waits-for-idle gives up with code 1")

    wire = parser.add_argument_group("connections")
    add = wire.add_argument
    add("--idle-close", type=float, help="closes a connection that was idle for so many seconds")
    add("--close-after", help="error, answer, or a number of requests")
    add("--close-silently", action="store_true", help="says nothing of it in the answer's headers")

    fail = parser.add_argument_group("failures")
    add = fail.add_argument
    add("--fail", type=int, help="the status of failed requests; 200 is a failure with an error in its body")
    add("--fail-share", type=float, default=1.0, help="of the requests that may fail, evenly spread")
    add("--fail-after", type=int, default=0, help="requests that are answered before")
    add("--spare-references", action="store_true", help="the model's references never fail")
    add("--spare", action="append", default=[], help="an item that never fails")
    add("--fail-body", help="of a failed request")
    add("--fail-header", action="append", default=[], help="NAME: VALUE of a failed request")
    add("--stream", default="well", choices=["well", "endless", "error-event", "silent"])
    add("--batch-window", type=float, default=0.0, help="milliseconds: requests that arrive together are executed together")
    add("--most-batch", type=int, default=32)
    add("--bad-item", default="alone", choices=["alone", "whole-batch"], help="who fails with an item that is no text or an empty one")

    count = parser.add_argument_group("counters")
    add = count.add_argument
    add("--counters", default="all", choices=["none", "all", "after-first", "per-worker"])
    add("--counter-delay", type=float, default=0.0, help="seconds by which they are late")
    add("--counter-unit", default="seconds", choices=list(UNITS))

    inner = parser.add_argument_group("between its own processes")
    add = inner.add_argument
    add("--role", default="main", choices=["main", "worker"])
    add("--began", type=float, default=None)
    add("--listener", type=int, default=-1)
    add("--board", type=int, default=-1)
    add("--worker", type=int, default=0)
    return parser.parse_args()


def say(line):
    print(line, flush=True)


class Phases:
    """What the server is just now, by the time since its start."""

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


class Board:
    """Counters of all workers in memory that they share: each writes its own slot, whoever is asked adds them up."""

    SLOT = struct.Struct("dddd")  # requests, items, executions, seconds
    MOST = 64

    def __init__(self, descriptor, worker, alone):
        self.map = mmap.mmap(descriptor, self.MOST * self.SLOT.size)
        self.worker = worker
        self.alone = alone
        self.lock = threading.Lock()
        self.history = [(0.0, (0.0,) * 4)]

    def add(self, *values):
        with self.lock:
            now = self.slot(self.worker)
            self.SLOT.pack_into(self.map, self.worker * self.SLOT.size, *(a + b for a, b in zip(now, values)))

    def slot(self, worker):
        return self.SLOT.unpack_from(self.map, worker * self.SLOT.size)

    def read(self, delay):
        """The counters as they were so long ago."""
        slots = [self.worker] if self.alone else range(self.MOST)
        now = tuple(sum(values) for values in zip(*(self.slot(s) for s in slots)))
        if delay <= 0:
            return now
        with self.lock:
            self.history.append((time.monotonic(), now))
            old = [values for at, values in self.history if at <= time.monotonic() - delay]
            return old[-1] if old else self.history[0][1]


class Computer:
    """Computes on threads of its own, each of which may confine itself to a core that nobody gave it."""

    def __init__(self, cores, milliseconds):
        self.seconds = milliseconds / 1e3
        self.threads = []
        self.wanted = threading.Semaphore(0)
        self.done = threading.Semaphore(0)
        for core in cores:
            threading.Thread(target=self.run, args=(core,), daemon=True).start()
        self.count = len(cores)

    def compute(self):
        if self.seconds <= 0:
            return
        if self.count == 0:
            self.burn()
            return
        for _ in range(self.count):
            self.wanted.release()
        for _ in range(self.count):
            self.done.acquire()

    def run(self, core):
        try:
            os.sched_setaffinity(0, {core})
        except OSError as error:
            # A cpuset does not let it; ONNX Runtime says so, too, and goes on.
            say(f"core {core}: {error}")
        while True:
            self.wanted.acquire()
            self.burn()
            self.done.release()

    def burn(self):
        # Hashing leaves the interpreter's lock alone, so that threads really compute at the same time.
        block = bytes(1 << 16)
        until = time.thread_time() + self.seconds
        while time.thread_time() < until:
            hashlib.sha256(block).digest()


class Answers:
    """What is answered to texts."""

    def __init__(self, model, engine):
        self.known = {}
        self.dimensions = 8
        if model:
            with open(os.path.join(model, "model.json"), encoding="utf-8") as file:
                for reference in json.load(file).get("references", []):
                    self.known[reference["text"]] = reference["embedding"]
                    self.dimensions = len(reference["embedding"])
        self.port = self.start(engine) if engine else None
        self.local = threading.local()

    @staticmethod
    def start(engine):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        subprocess.Popen([part.replace("{port}", str(port)) for part in json.loads(engine)])
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return port
            except OSError:
                time.sleep(0.02)

    def of(self, texts):
        unknown = [text for text in texts if text not in self.known]
        other = dict(zip(unknown, self.ask(unknown) if self.port else map(self.made_up, unknown)))
        return [self.known.get(text) or other[text] for text in texts]

    def ask(self, texts):
        if not texts:
            return []
        for attempt in (1, 2):
            try:
                if attempt == 2 or not hasattr(self.local, "engine"):
                    self.local.engine = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                body = json.dumps({"model": "m", "input": texts})
                self.local.engine.request("POST", "/v1/embeddings", body, {"content-type": "application/json"})
                answer = json.load(self.local.engine.getresponse())
                return [item["embedding"] for item in answer["data"]]
            except (OSError, http.client.HTTPException):
                if attempt == 2:
                    raise

    def made_up(self, text):
        digest = hashlib.sha256(text.encode()).digest()
        vector = [digest[i % 32] - 127.5 for i in range(self.dimensions)]
        norm = math.sqrt(sum(v * v for v in vector))
        return [v / norm for v in vector]


class Batcher:
    """Executes together what arrives together."""

    def __init__(self, window, most, execute):
        self.window = window / 1e3
        self.most = most
        self.execute = execute
        self.waiting = []
        self.changed = threading.Condition()
        if window > 0:
            threading.Thread(target=self.run, daemon=True).start()

    def submit(self, items):
        """Status and answers, or status and what is wrong."""
        if self.window <= 0:
            return self.execute([items])[0]
        entry = [items, threading.Event(), None]
        with self.changed:
            self.waiting.append(entry)
            self.changed.notify()
        entry[1].wait()
        return entry[2]

    def run(self):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.waiting)
            time.sleep(self.window)
            with self.changed:
                batch, self.waiting = self.waiting[:self.most], self.waiting[self.most:]
            for entry, result in zip(batch, self.execute([entry[0] for entry in batch])):
                entry[2] = result
                entry[1].set()


class Server:
    """Serves the connections of a listener in this process."""

    def __init__(self, habits, phases):
        self.habits = habits
        self.phases = phases
        self.board = Board(habits.board, habits.worker, habits.counters == "per-worker")
        self.answers = Answers(habits.model, habits.engine)
        self.computer = Computer([int(c) for c in habits.own_affinity.split(",")] if habits.own_affinity else [], habits.work)
        self.batcher = Batcher(habits.batch_window, habits.most_batch, self.execute)
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
            self.exchange_all(connection)
        except OSError:
            pass  # the other side has left, or was idle for too long
        finally:
            connection.close()
            with self.lock:
                self.open -= 1

    def exchange_all(self, connection):
        buffered = b""
        count = 0
        while True:
            connection.settimeout(self.habits.idle_close)
            while b"\r\n\r\n" not in buffered:
                more = connection.recv(1 << 16)
                if not more:
                    return
                buffered += more
            head, _, buffered = buffered.partition(b"\r\n\r\n")
            connection.settimeout(None)
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            received = self.body_of(connection, headers, buffered)
            if received is None:
                return
            body, buffered = received
            method, path, _ = lines[0].split(" ", 2)
            count += 1
            if not self.exchange(connection, method, path, body, count):
                return

    @staticmethod
    def body_of(connection, headers, buffered):
        """The request's body and what came after it; None when the other side has left in the middle."""
        def enough(buffered, length):
            while len(buffered) < length:
                more = connection.recv(1 << 20)
                if not more:
                    return None
                buffered += more
            return buffered

        if headers.get("transfer-encoding", "").lower() != "chunked":
            length = int(headers.get("content-length", 0))
            buffered = enough(buffered, length)
            return None if buffered is None else (buffered[:length], buffered[length:])
        body = b""
        while True:
            while b"\r\n" not in buffered:
                buffered = enough(buffered, len(buffered) + 1)
                if buffered is None:
                    return None
            size, _, buffered = buffered.partition(b"\r\n")
            length = int(size.split(b";")[0], 16)
            buffered = enough(buffered, length + 2)
            if buffered is None:
                return None
            body, buffered = body + buffered[:length], buffered[length + 2:]
            if length == 0:
                return body, buffered

    def exchange(self, connection, method, path, body, count):
        """Whether the connection goes on."""
        phase = self.phases.now()
        if phase in UNREADY:
            while UNREADY[phase] is None:
                time.sleep(0.02)
                phase = self.phases.now()
                if phase not in UNREADY:
                    break
        if phase in UNREADY:
            return self.send(connection, count, UNREADY[phase], {"error": "not ready"})
        if method == "GET":
            if path == "/metrics":
                return self.send(connection, count, *self.metrics(), kind="text/plain")
            return self.send(connection, count, 200, {"status": HEALTH[phase]})
        if phase in ("early", "lies"):
            return self.send(connection, count, 503, {"error": "the model is being loaded"})
        if phase == "unhealthy":
            return self.send(connection, count, 500, {"error": "the worker is dead"})
        return self.infer(connection, count, json.loads(body), phase == "wrong")

    def infer(self, connection, count, request, wrong):
        habits = self.habits
        items = [request["of"]] if "of" in request else request.get("input", [])
        items = items if isinstance(items, list) else [items]
        if self.fails(items):
            body = habits.fail_body or json.dumps({"error": {"message": "queue is full", "type": "overloaded"}})
            return self.send(connection, count, habits.fail, body, headers=habits.fail_header, failed=True)
        if request.get("stream"):
            return self.stream(connection, items)
        began = time.monotonic()
        status, given = self.batcher.submit(items)
        self.board.add(1, 0, 0, time.monotonic() - began)
        if status != 200:
            return self.send(connection, count, status, {"error": given}, failed=True)
        if wrong:
            given = [list(reversed(vector)) if len(vector) > 1 else [-1] for vector in given]
        if "of" in request:
            return self.send(connection, count, 200, {"answers": given})
        data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(given)]
        usage = {"prompt_tokens": len(items), "total_tokens": len(items)}
        return self.send(connection, count, 200, {"object": "list", "data": data, "model": request.get("model"), "usage": usage})

    def execute(self, requests):
        """Everything in one execution; a result for each request."""
        bad = [any(not isinstance(i, (str, int)) or i == "" or isinstance(i, bool) for i in items) for items in requests]
        if any(bad) and self.habits.bad_item == "whole-batch":
            return [(500, "the batch failed")] * len(requests)
        good = [items for items, is_bad in zip(requests, bad) if not is_bad]
        self.computer.compute()
        self.board.add(0, sum(map(len, good)), 1 if good else 0, 0)
        return [(400, "an item is no text") if is_bad else (200, self.compute(items)) for items, is_bad in zip(requests, bad)]

    def compute(self, items):
        return [[2 * items[0]]] if items and isinstance(items[0], int) else self.answers.of(items)

    def fails(self, items):
        if self.habits.fail is None or all(self.is_spared(item) for item in items):
            return False
        with self.lock:
            self.asked += 1
            if self.asked <= self.habits.fail_after:
                return False
            self.mayfail += 1
            return math.floor(self.mayfail * self.habits.fail_share) > math.floor((self.mayfail - 1) * self.habits.fail_share)

    def is_spared(self, item):
        return str(item) in self.habits.spare or (self.habits.spare_references and item in self.answers.known)

    def stream(self, connection, items):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\nconnection: close\r\n\r\n")
        number = 0
        while self.habits.stream == "silent":
            time.sleep(1)
        while self.habits.stream == "endless" or number < 4:
            connection.sendall(f'data: {{"token": {number}, "of": {json.dumps(items)}}}\n\n'.encode())
            number += 1
            if self.habits.stream == "error-event" and number == 2:
                connection.sendall(b'data: {"error": {"message": "the engine stopped"}}\n\n')
                return False
            time.sleep(0.005)
        connection.sendall(b"data: [DONE]\n\n")
        return False

    def metrics(self):
        habits = self.habits
        requests, items, executions, seconds = self.board.read(habits.counter_delay)
        if habits.counters == "none":
            return 404, {"error": "no such page"}
        if habits.counters == "after-first" and requests == 0:
            return 200, ""
        unit = habits.counter_unit
        return 200, (
            f"# TYPE standin_items_total counter\nstandin_items_total {items:.0f}\n"
            f"# TYPE standin_batches_total counter\nstandin_batches_total {executions:.0f}\n"
            f"# TYPE standin_request_{unit} summary\n"
            f"standin_request_{unit}_sum {seconds * UNITS[unit]:.9f}\nstandin_request_{unit}_count {requests:.0f}\n")

    def send(self, connection, count, status, body, kind="application/json", headers=(), failed=False):
        """Whether the connection goes on."""
        after = self.habits.close_after
        closes = after == "answer" or (after == "error" and (failed or status >= 400)) or (after or "").isdigit() and count >= int(after)
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Unknown')}", f"content-type: {kind}", f"content-length: {len(content)}"]
        lines += headers
        if closes and not self.habits.close_silently:
            lines.append("connection: close")
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        return not closes


def leave(where):
    """Writes what is never removed."""
    places = {"shm": "/dev/shm", "home": os.environ.get("HOME", ""), "tmp": os.environ.get("TMPDIR", "/tmp"), "cwd": os.getcwd()}
    for place in filter(None, where.split(",")):
        with open(os.path.join(places[place], f"standin-{os.getpid()}"), "w", encoding="utf-8") as file:
            file.write("left")


def serve(habits, phases):
    """Serves in this process until it is asked to end; never returns."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    server = Server(habits, phases)
    listener = socket.socket(fileno=habits.listener)
    time.sleep(phases.refused_for())
    listener.listen(512)
    threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
    if habits.dies:
        threading.Timer(max(0.0, phases.began + habits.dies_after - time.monotonic()), end, (habits.dies,)).start()
    while not asked.wait(0.2):
        pass
    while habits.stop == "ignores":
        time.sleep(1)
    listener.close()
    if habits.stop == "waits-for-idle":
        until = time.monotonic() + habits.stop_limit
        while server.open > 0:
            if time.monotonic() > until:
                say(f"{server.open} connections are still open")
                end("exit-1")
            time.sleep(0.02)
    elif habits.stop == "slow":
        time.sleep(habits.stop_limit)
    end(habits.stop)


def end(how):
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(60)  # it may be delivered to another thread, a little later
    os._exit(1 if how == "exit-1" else 0)


def start_worker(habits, number):
    """A serving process: another program run, so that its command line says what it is."""
    child = os.fork()
    if child > 0:
        return child
    if habits.shape in ("sessions", "adopted"):
        os.setsid()
    if habits.shape == "adopted" and os.fork() > 0:
        os._exit(0)
    given = sys.argv[1:] + [f"--role=worker", f"--began={habits.began}", f"--listener={habits.listener}", f"--board={habits.board}", f"--worker={number}"]
    os.execve(sys.executable, [sys.executable, os.path.abspath(__file__), *given], {} if habits.hides_labels else dict(os.environ))


def supervise(habits, phases):
    """The main process of a server whose children serve."""
    asked = []
    if habits.shape != "survivors":
        signal.signal(signal.SIGTERM, lambda number, _: None if habits.shape == "wrapper" else asked.append(number))
    signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    workers = [start_worker(habits, number) for number in range(habits.workers)]
    if habits.shape == "adopted":
        for worker in workers:
            os.waitpid(worker, 0)
        while not asked:
            time.sleep(0.05)
        os._exit(0)
    while True:
        if asked:
            number = asked.pop()
            for worker in workers:
                os.kill(worker, number)
            for worker in workers:
                os.waitpid(worker, 0)
            end("exit-1" if habits.stop == "exit-1" else "quick")
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            workers.remove(ended)
            if not workers:
                os._exit(os.waitstatus_to_exitcode(status) & 127)
        time.sleep(0.05)


def crash(habits):
    """Restarts a worker that cannot live, for ever, behind an open port."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    listener = socket.socket(fileno=habits.listener)
    listener.listen(512)
    while True:
        child = os.fork()
        if child == 0:
            time.sleep(habits.crash_loop)
            say("Application startup failed. Exiting.")
            os._exit(3)
        os.waitpid(child, 0)
        for line in habits.says:
            say(line)
        say(f"worker {child} died, starting another")


def main():
    habits = arguments()
    if habits.role == "worker":
        serve(habits, Phases(habits.phases, habits.began))
    habits.began = time.monotonic()
    for line in habits.says:
        say(line)
    if habits.nice:
        os.nice(habits.nice)
    leave(habits.leaves)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0" if habits.every_interface else "127.0.0.1", habits.port))
    listener.set_inheritable(True)
    habits.listener = listener.detach()
    habits.board = os.memfd_create("counters", 0)
    os.ftruncate(habits.board, Board.MOST * Board.SLOT.size)
    if habits.crash_loop is not None:
        crash(habits)
    phases = Phases(habits.phases, habits.began)
    if habits.shape == "plain":
        serve(habits, phases)
    supervise(habits, phases)


if __name__ == "__main__":
    main()
