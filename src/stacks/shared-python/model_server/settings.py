"""What a server is started with: options of its command line, handed to its worker processes through the environment."""
from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

VARIABLE = "MODEL_SERVER_SETTINGS"


def option(default: int | float | bool | str, explanation: str):
    """A field that is an option of the command line: `max_items` is `--max-items`."""
    return field(default=default, metadata={"help": explanation})


@dataclass(frozen=True)
class Settings:
    """What every stack has; each adds its own in a subclass."""

    model: str
    characters: str = option(str(Path(__file__).with_name("bert-uncased-characters.txt")), "character rules of the tokenizer, for models of texts")
    threads: int = option(0, "threads of one execution; 0: the runtime decides")
    device: str = option("cpu", "where the model is executed: cpu, or cuda for the first NVIDIA GPU")
    max_items: int = option(2048, "items in one request (2048 is OpenAI's limit of texts)")
    max_body: int = option(64 << 20, "bytes of a request")
    max_waiting: int = option(4096, "items in one process of the server; more are refused with 429")
    max_pixels: int = option(50_000_000, "pixels of an image, before and after it is scaled")

    @classmethod
    def from_environment(cls) -> Self:
        return cls(**json.loads(os.environ[VARIABLE]))

    def to_environment(self) -> None:
        os.environ[VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Self:
        return cls(**{f.name: getattr(arguments, f.name) for f in fields(cls)})

    @classmethod
    def parser(cls, description: str) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        parser.add_argument("--model", required=True, help="folder of the prepared model")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=1, help="processes, each with the model loaded")
        parser.add_argument("--access-log", action=argparse.BooleanOptionalAction, default=True, help="a line for each request")
        for f in fields(cls):
            if "help" in f.metadata:
                name = "--" + f.name.replace("_", "-")
                if isinstance(f.default, bool):
                    parser.add_argument(name, action=argparse.BooleanOptionalAction, default=f.default, help=f.metadata["help"])
                else:
                    kind = str if isinstance(f.default, str) else _at_least_zero(type(f.default))
                    parser.add_argument(name, type=kind, default=f.default, help=f.metadata["help"])
        return parser


def _at_least_zero(kind: type):
    def convert(text: str):
        value = kind(text)
        if not value >= 0:
            raise argparse.ArgumentTypeError(f"{text} is less than 0")
        return value

    convert.__name__ = kind.__name__  # what argparse calls it when the text is no number
    return convert
