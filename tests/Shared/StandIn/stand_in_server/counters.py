"""What the server counts of itself."""

import collections
import mmap
import os
import struct
import threading
import time

UNITS = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}


class Board:
    """Counters of all workers in memory that they share: each writes its own slot, whoever is asked adds them up."""

    SLOT = struct.Struct("dddd")  # requests, items, executions, seconds
    MOST = 64
    LOOK = 0.01  # seconds from one note of late counters to the next

    @classmethod
    def make(cls):
        """The descriptor of an empty board, for processes that inherit it."""
        descriptor = os.memfd_create("counters", 0)
        os.ftruncate(descriptor, cls.MOST * cls.SLOT.size)
        return descriptor

    def __init__(self, habits):
        self.habits = habits
        self.map = mmap.mmap(habits.board, self.MOST * self.SLOT.size)
        self.lock = threading.Lock()
        self.history = collections.deque([(0.0, (0.0,) * 4)])
        if habits.counter_delay > 0:
            threading.Thread(target=self.note, daemon=True).start()

    def add(self, *values):
        with self.lock:
            now = self.slot(self.habits.worker)
            self.SLOT.pack_into(self.map, self.habits.worker * self.SLOT.size, *(a + b for a, b in zip(now, values)))

    def slot(self, worker):
        return self.SLOT.unpack_from(self.map, worker * self.SLOT.size)

    def sums(self):
        slots = [self.habits.worker] if self.habits.counters == "per-worker" else range(self.MOST)
        return tuple(sum(values) for values in zip(*(self.slot(s) for s in slots)))

    def note(self):
        """Keeps what the counters were, for as long as they are late."""
        while True:
            now = time.monotonic()
            with self.lock:
                self.history.append((now, self.sums()))
                while self.history[1][0] < now - self.habits.counter_delay:
                    self.history.popleft()
            time.sleep(self.LOOK)

    def read(self):
        """The counters as they were as long ago as they are late."""
        if self.habits.counter_delay <= 0:
            return self.sums()
        with self.lock:
            return self.history[0][1]

    def text(self):
        """Status and body of what a scraper is answered."""
        requests, items, executions, seconds = self.read()
        if self.habits.counters == "none":
            return 404, {"error": "no such page"}
        if self.habits.counters == "after-first" and requests == 0:
            return 200, ""
        unit = self.habits.counter_unit
        return 200, (
            f"# TYPE standin_items_total counter\nstandin_items_total {items:.0f}\n"
            f"# TYPE standin_batches_total counter\nstandin_batches_total {executions:.0f}\n"
            f"# TYPE standin_request_{unit} summary\n"
            f"standin_request_{unit}_sum {seconds * UNITS[unit]:.9f}\nstandin_request_{unit}_count {requests:.0f}\n")
