"""FastAPI with PyTorch."""
from bert import BertRuntime
from embedding_server.application import application
from embedding_server.launch import launch
from embedding_server.model import ModelFolder
from embedding_server.threaded import ThreadedSettings, threaded
from fastapi import FastAPI


def create_app() -> FastAPI:
    settings = ThreadedSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(settings, model, lambda: threaded(settings, model, lambda: BertRuntime.load(model, settings.threads, settings.device)))


if __name__ == "__main__":
    launch(__file__, ThreadedSettings)
