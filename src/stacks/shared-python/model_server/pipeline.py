"""What a kind of work adds to the application around a model, and which kind a model does."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .model import ModelFolder, Runtime
from .settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from .application import Server


class Pipeline(Protocol):
    """A kind of work."""

    #: For people: what the server gives.
    title: str

    def use(self, runtime: Runtime) -> None:
        """What executes the model."""
        ...

    def warm_up(self) -> None:
        """Executes something a few times, so that memory is allocated and pages are mapped before the first request. It is part of a cold
        start: every server of this repository does the same (WarmUp.cs of ServeBench.OnnxServer)."""
        ...

    def add_routes(self, app: FastAPI, server: Server) -> None: ...


class BatchPipeline(Pipeline, Protocol):
    """One whose items are answered in one execution. Preparing and executing may be called by several threads at once, once `use` has been
    called."""

    #: Whether preparing an item takes so little time that it may happen in the event loop.
    prepares_quickly: bool

    def prepare(self, items: Sequence[Any]) -> list[Any]:
        """What the network is given of each item.

        :raises ApiError: when one is nothing that can be answered.
        """
        ...

    def execute(self, inputs: Sequence[Any]) -> Sequence[Any]:
        """A result for each input, in one execution."""
        ...

    def in_groups(self, inputs: Sequence[Any], size: int) -> Sequence[Any]:
        """As `execute`, in executions of so many inputs at most that go well together; 0: all in one."""
        ...

    def group(self, prepared: Any, step: int) -> object:
        """Inputs of different requests are executed together when this is equal for them.

        :param step: how far their lengths may differ; 0: however much.
        """
        ...


def pipeline_of(settings: Settings, model: ModelFolder) -> Pipeline:
    """Only what the model needs is imported: a server of texts starts without an image library."""
    if model.embeds:
        from .embedding.pipeline import EmbeddingPipeline

        return EmbeddingPipeline(settings, model)
    if model.classifies:
        from .classification.pipeline import ClassificationPipeline

        return ClassificationPipeline(settings, model)
    if model.continues:
        from .generation.pipeline import GenerationPipeline

        return GenerationPipeline(settings, model)
    raise ValueError(f"{model.path / 'model.json'} has no dimensions, classes or positions: no kind of work that is served here")
