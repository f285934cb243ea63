"""Starts uvicorn with one or more worker processes."""
from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import uvicorn

from .settings import Settings


def launch(program: str, settings: type[Settings]) -> None:
    """
    :param program: the program's file; its function `create_app` makes the application in each process.
    :param settings: what its command line may set.
    """
    file = Path(program).resolve()
    arguments = settings.parser(f"Serves a prepared model: {file.parent.parent.name}.").parse_args()
    manifest = Path(arguments.model, "model.json")
    if not manifest.is_file():
        sys.exit(f"{manifest} is not there; --model names a folder that `./build.sh --target=Models` prepared")
    settings.of(arguments).to_environment()
    counters = None
    if arguments.workers > 1:
        # Workers share their counters through files; whoever is asked for /metrics answers for all.
        counters = tempfile.mkdtemp(prefix="server-counters-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
    try:
        uvicorn.run(
            f"{file.stem}:create_app",
            factory=True,
            app_dir=str(file.parent),
            host=arguments.host,
            port=arguments.port,
            workers=arguments.workers,
            loop="uvloop",
            http="httptools",
            # Of messages, too, it is uvicorn's own: a longer one ends the connection with 1009.
            ws_max_size=arguments.max_body,
            access_log=arguments.access_log,
            # Longer than a client keeps a connection idle: who closes it first must be the client.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=8,
        )
    finally:
        if counters is not None:
            shutil.rmtree(counters, ignore_errors=True)
