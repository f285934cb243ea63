"""Records what Pillow makes of the reference images.

usage: python3 images.py IMAGE_FOLDER OUTPUT_FILE

Of every .jpg file: its size, the SHA-256 of its pixels (RGB, row by row), and of the image whose shorter side is 256 pixels, as
torchvision's Resize makes it (bilinear with antialiasing, the longer side rounded down).
"""
import hashlib
import json
import sys
from pathlib import Path

import PIL
from PIL import Image, features

folder, output = Path(sys.argv[1]), Path(sys.argv[2])


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


images = {}
for path in sorted(folder.glob("*.jpg")):
    image = Image.open(path).convert("RGB")
    width, height = image.size
    shorter = min(width, height)
    resized = image.resize((256 * width // shorter, 256 * height // shorter), Image.Resampling.BILINEAR)
    images[path.name] = {"width": width, "height": height, "decoded": digest(image), "resized": digest(resized)}
recorded = {"pillow": PIL.__version__, "libjpeg": features.version("libjpeg_turbo") or features.version("jpg"), "images": images}
output.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
