"""A prepared model's folder, and what a runtime of it looks like to a server."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class ModelFolder:
    """What model.json says; `manifest` is all of it, for the kind of work that the model does."""

    path: Path
    name: str
    onnx_file: Path
    safetensors_file: Path
    manifest: dict

    @classmethod
    def read(cls, folder: str) -> ModelFolder:
        path = Path(folder)
        manifest = json.loads((path / "model.json").read_text(encoding="utf-8"))
        if manifest["schema"] != "servebench-model/1":
            raise ValueError(f"{path / 'model.json'} has the schema '{manifest['schema']}', this server reads servebench-model/1")
        return cls(
            path=path,
            name=manifest["model"],
            onnx_file=path / manifest["onnxFile"],
            safetensors_file=path / manifest["safetensorsFile"],
            manifest=manifest,
        )

    @property
    def embeds(self) -> bool:
        return "dimensions" in self.manifest

    @property
    def classifies(self) -> bool:
        return "classes" in self.manifest

    @property
    def continues(self) -> bool:
        return "positions" in self.manifest


class Runtime(Protocol):
    """Something that executes the model; may be called by several threads at once."""

    #: The library that computes, and its version.
    library: tuple[str, str]

    def run(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """
        :param inputs: by the names of the graph's inputs, one row for each item.
        :returns: the graph's only output, one row for each item.
        """
        ...
