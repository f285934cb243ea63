"""The processes of a stand-in: how they start, which shape they have, and how they end."""

import argparse
import ctypes
import importlib
import os
import signal
import subprocess
import sys
import threading
import time

from oracle import Oracle
from server import Listener

REQUESTS_TO_END = (signal.SIGTERM, signal.SIGINT)


def run(about):
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--personality", required=True, help="name of the file that describes the server")
    add("--port", type=int, required=True)
    add("--metrics-port", type=int, default=0, help="0: the counters are on the same port")
    add("--model", required=True, help="folder of the prepared model")
    add("--oracle", required=True, help="this repository's own server, which computes the answers")
    add("--loading", type=float, default=0.3, help="seconds that it takes to load, beside those that the answers take")
    add("--at-once", type=int, default=0, help="requests that it takes at once before it refuses, where it refuses at all; 0: all")
    add("--child", default="", help="between its own processes: what the process is called")
    given = parser.parse_args()
    module = importlib.import_module(given.personality.replace("-", "_"))
    personality = module.Personality(given)
    if personality.shape == "plain" or given.child:
        serve(personality, given)
    else:
        supervise(personality)


def serve(personality, given):
    """Serves in this process until it is asked to end; never returns."""
    # A child that serves ends with its parent, but where the real ones live on.
    if given.child and personality.shape != "survivors":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    asked = threading.Event()
    for number in REQUESTS_TO_END:
        signal.signal(number, lambda *_: asked.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, REQUESTS_TO_END)
    listeners = []

    def listen():
        listeners.append(Listener(personality, given.port, personality.exchange))
        if given.metrics_port:
            listeners.append(Listener(personality, given.metrics_port, personality.exchange_metrics))

    if personality.listens_while_loading:
        listen()
    oracle = Oracle(given.oracle, given.model)
    time.sleep(given.loading)
    personality.loaded(oracle)
    if not personality.listens_while_loading:
        listen()
    while not asked.wait(0.2):
        pass
    code = personality.end(lambda: listeners[0].open if listeners else 0)
    oracle.close()
    print(f"ends with code {code}", flush=True)
    os._exit(code)


def supervise(personality):
    """The main process of a server whose child serves.

    wrapper: it swallows SIGTERM, and ends with its child. survivors: it dies at SIGTERM and its child serves on; SIGINT ends both.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS_TO_END)
    child = subprocess.Popen([sys.executable, os.path.dirname(os.path.abspath(__file__)), *sys.argv[1:], f"--child={personality.child}"])
    if personality.shape == "wrapper":
        signal.signal(signal.SIGTERM, lambda *_: None)
    else:
        signal.signal(signal.SIGINT, lambda *_: child.send_signal(signal.SIGINT))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, REQUESTS_TO_END)
    sys.exit(child.wait())
