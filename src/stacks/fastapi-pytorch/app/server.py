"""FastAPI with PyTorch."""
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from model_server.application import application
from model_server.launch import launch
from model_server.model import ModelFolder, Runtime
from model_server.pipeline import Pipeline
from model_server.settings import option
from model_server.threaded import ThreadedSettings, threaded


@dataclass(frozen=True)
class PyTorchSettings(ThreadedSettings):
    max_sequences: int = option(1, "texts that are continued together, each step for all of them; 1: one after the other")


def load(settings: PyTorchSettings, model: ModelFolder) -> Runtime:
    """Only what the model needs is imported: torchvision takes its time."""
    if model.embeds:
        from bert import BertRuntime as runtime
    else:
        from classifiers import ClassifierRuntime as runtime
    return runtime.load(model, settings.threads, settings.device)


def start(settings: PyTorchSettings, model: ModelFolder, pipeline: Pipeline) -> AbstractAsyncContextManager[Any]:
    if not model.continues:
        return threaded(settings, pipeline, lambda: load(settings, model))
    from decoders import DecoderRuntime
    from model_server.generation.pipeline import continuous

    return continuous(
        settings, pipeline, lambda: DecoderRuntime.load(model, settings.threads, settings.device, max(1, settings.max_sequences)))


def create_app() -> FastAPI:
    settings = PyTorchSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(settings, model, lambda pipeline: start(settings, model, pipeline))


if __name__ == "__main__":
    launch(__file__, PyTorchSettings)
