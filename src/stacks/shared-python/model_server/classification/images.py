"""From an image file to what a network sees of it: decoded, resized and cut with Pillow, as torchvision's transforms do it."""
from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..errors import ApiError

FORMATS = ("JPEG", "PNG", "WEBP")

# Pillow's own limit, which warns of images and refuses larger ones, is another one than this server's: sizes are looked at below, before
# anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class ImageInput:
    """What model.json says that is done to a decoded image."""

    size: int
    resize: int
    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, manifest: dict) -> ImageInput:
        own = manifest["input"]
        if own["preparation"] != "outside" or own["interpolation"] != "bilinear":
            raise ValueError(f"{manifest['model']} prepares images {own['preparation']} its graph ({own['interpolation']}); only outside and bilinear is served here")
        return cls(own["size"], own["resize"], np.float32(own["mean"]), np.float32(own["deviation"]))


def prepare(file: bytes, wanted: ImageInput, max_pixels: int) -> np.ndarray:
    """
    :returns: float32 [3, size, size].
    :raises ApiError: when it is no image that can be decoded, or too large a one.
    """
    image = _cut(_decode(file, wanted, max_pixels), wanted)
    pixels = (np.asarray(image, dtype=np.float32) / np.float32(255) - wanted.mean) / wanted.deviation
    return pixels.transpose(2, 0, 1)


def _decode(file: bytes, wanted: ImageInput, max_pixels: int) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(file), formats=FORMATS)
        width, height = image.size
        shorter, longer = min(width, height), max(width, height)
        # A strip of one pixel's width would become a large image only by being scaled.
        if shorter < 1 or width * height > max_pixels or wanted.resize * (wanted.resize * longer // shorter) > max_pixels:
            raise ApiError(400, f"An image has {width} x {height} pixels, more than this server scales", "images")
        return image.convert("RGB")
    except UnidentifiedImageError:
        raise ApiError(400, f"A file is no image of {', '.join(FORMATS)}", "images") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise ApiError(400, f"An image cannot be decoded: {error}", "images") from None


def _cut(image: Image.Image, wanted: ImageInput) -> Image.Image:
    width, height = image.size
    shorter = min(width, height)
    width, height = wanted.resize * width // shorter, wanted.resize * height // shorter
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - wanted.size) // 2, (height - wanted.size) // 2
    return image.crop((left, top, left + wanted.size, top + wanted.size))
