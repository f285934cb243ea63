"""The processes of the server: how they start, which shape they have, and how they end."""

import os
import signal
import socket
import sys
import threading
import time

from counters import Board
from phases import Phases
from server import Server

REQUESTS_TO_END = (signal.SIGTERM, signal.SIGINT)


def run(habits):
    if habits.role == "worker":
        serve(habits, Phases(habits.phases, habits.began))
    habits.began = time.monotonic()
    phases = Phases(habits.phases, habits.began)
    say(*habits.says)
    if habits.nice:
        os.nice(habits.nice)
    leave(habits.leaves)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0" if habits.every_interface else "127.0.0.1", habits.port))
    listener.set_inheritable(True)
    habits.listener = listener.detach()
    habits.board = Board.make()
    if habits.crash_loop is not None:
        crash(habits)
    elif habits.shape == "plain":
        serve(habits, phases)
    else:
        supervise(habits)


def say(*lines):
    for line in lines:
        print(line, flush=True)


def leave(where):
    """Writes what is never removed."""
    places = {"shm": "/dev/shm", "home": os.environ.get("HOME", ""), "tmp": os.environ.get("TMPDIR", "/tmp"), "cwd": os.getcwd()}
    for place in filter(None, where.split(",")):
        with open(os.path.join(places[place], f"standin-{os.getpid()}"), "w", encoding="utf-8") as file:
            file.write("left")


def serve(habits, phases):
    """Serves in this process until it is asked to end; never returns."""
    asked = threading.Event()
    for number in REQUESTS_TO_END:
        signal.signal(number, lambda *_: asked.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, REQUESTS_TO_END)
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
    # Requests to end wait until the new program has its handlers: on a busy machine other workers may serve long before.
    signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS_TO_END)
    child = os.fork()
    if child > 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, REQUESTS_TO_END)
        return child
    if habits.shape in ("sessions", "adopted"):
        os.setsid()
    if habits.shape == "adopted" and os.fork() > 0:
        os._exit(0)
    own = ["--role=worker", f"--began={habits.began}", f"--listener={habits.listener}", f"--board={habits.board}", f"--worker={number}"]
    environment = {} if habits.hides_labels else dict(os.environ)
    os.execve(sys.executable, [sys.executable, os.path.dirname(os.path.abspath(__file__)), *sys.argv[1:], *own], environment)


def supervise(habits):
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
        say(*habits.says, f"worker {child} died, starting another")
