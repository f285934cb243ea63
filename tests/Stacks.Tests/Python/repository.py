"""Where things lie, for the tests beside this file; what stacks import is importable once this is."""
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STACKS = ROOT / "src" / "stacks"
MODELS = ROOT / "models"
SHARED = STACKS / "shared-python"
CHARACTERS = ROOT / "src" / "ServeBench.Models" / "Tokenizers" / "bert-uncased-characters.txt"
VECTORS = ROOT / "tests" / "ServeBench.Models.Tests" / "Vectors"

# The folder of a prepared all-MiniLM-L6-v2; whoever runs the tests names it.
MODEL = Path(os.environ["SERVEBENCH_MODEL"]) if "SERVEBENCH_MODEL" in os.environ else None

# The folder of a prepared classifier of images.
IMAGE_MODEL = Path(os.environ["SERVEBENCH_IMAGE_MODEL"]) if "SERVEBENCH_IMAGE_MODEL" in os.environ else None

# Folders of prepared models that continue texts, by their architecture, separated as in PATH: gpt2=FOLDER:opt=FOLDER.
TEXT_MODELS = {
    architecture: Path(folder)
    for architecture, _, folder in (entry.partition("=") for entry in os.environ.get("SERVEBENCH_TEXT_MODELS", "").split(os.pathsep) if entry)
}

sys.path[:0] = [str(SHARED), str(STACKS / "fastapi-queue" / "app"), str(ROOT / "tests" / "ServeBench.Models.Tests" / "Recording")]
sys.dont_write_bytecode = True
