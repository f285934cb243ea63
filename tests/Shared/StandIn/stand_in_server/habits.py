"""The switches of the server."""

import argparse

from counters import UNITS
from phases import HEALTH, UNREADY


def read(about):
    parser = argparse.ArgumentParser(prog="stand_in_server", description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--port", type=int, required=True)
    add("--every-interface", action="store_true", help="listens on 0.0.0.0 whatever is asked")
    add("--model", help="folder of a prepared model: its references are answered rightly")

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
    add("--fail-body", help="of a failed request")
    add("--fail-header", action="append", default=[], help="NAME: VALUE of a failed request")
    add("--spare", action="append", default=[], help="an item that never fails, and whose stream is well")
    add("--stream", default="well", choices=["well", "endless", "error-event", "silent"])
    add("--batch-window", type=float, default=0.0, help="milliseconds: requests that arrive together are executed together")
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
