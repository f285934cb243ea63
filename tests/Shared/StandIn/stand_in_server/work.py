"""What the server computes, on which cores, and what together."""

import hashlib
import json
import math
import os
import threading
import time


class Computer:
    """Computes on threads of its own, each of which may confine itself to a core that nobody gave it."""

    def __init__(self, cores, milliseconds):
        self.seconds = milliseconds / 1e3
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
            print(f"core {core}: {error}", flush=True)
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
    """What is answered to items: twice a number; of a text the embedding that the model's references have, or a made-up one."""

    def __init__(self, model):
        self.known = {}
        self.dimensions = 8
        if not model:
            return
        with open(os.path.join(model, "model.json"), encoding="utf-8") as file:
            for reference in json.load(file).get("references", []):
                self.known[reference["text"]] = reference["embedding"]
                self.dimensions = len(reference["embedding"])

    def of(self, item):
        return [2 * item] if isinstance(item, int) else self.known.get(item) or self.made_up(item)

    def made_up(self, text):
        digest = hashlib.sha256(text.encode()).digest()
        vector = [digest[i % 32] - 127.5 for i in range(self.dimensions)]
        norm = math.sqrt(sum(v * v for v in vector))
        return [v / norm for v in vector]

    @staticmethod
    def wrong(vector):
        return list(reversed(vector)) if len(vector) > 1 else [-1]

    @staticmethod
    def is_bad(item):
        """Whether it is an item that cannot be computed."""
        return not isinstance(item, (str, int)) or item == "" or isinstance(item, bool)


class Batcher:
    """Executes together what arrives together."""

    def __init__(self, window, execute):
        self.window = window / 1e3
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
                batch, self.waiting = self.waiting, []
            for entry, result in zip(batch, self.execute([entry[0] for entry in batch])):
                entry[2] = result
                entry[1].set()
