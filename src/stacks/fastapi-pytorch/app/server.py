"""FastAPI with PyTorch."""
from fastapi import FastAPI
from model_server.application import application
from model_server.launch import launch
from model_server.model import ModelFolder, Runtime
from model_server.threaded import ThreadedSettings, threaded


def load(settings: ThreadedSettings, model: ModelFolder) -> Runtime:
    """Only what the model needs is imported: torchvision takes its time."""
    if model.embeds:
        from bert import BertRuntime as runtime
    else:
        from classifiers import ClassifierRuntime as runtime
    return runtime.load(model, settings.threads, settings.device)


def create_app() -> FastAPI:
    settings = ThreadedSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(settings, model, lambda pipeline: threaded(settings, pipeline, lambda: load(settings, model)))


if __name__ == "__main__":
    launch(__file__, ThreadedSettings)
