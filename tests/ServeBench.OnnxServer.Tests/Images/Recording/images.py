"""Writes image files of many kinds, and what Pillow makes of them: see README.md."""

import math
import pathlib
import random
import subprocess
import sys

from PIL import Image, features

OUT = pathlib.Path(sys.argv[1])
# (shorter side before cutting, side of what is cut out)
PLANS = [(24, 16), (64, 48)]


def drawn(width, height, seed):
    """Shades, edges and noise, as photographs have them."""
    rng = random.Random(seed)
    shapes = [
        (rng.randrange(width), rng.randrange(height), rng.randrange(3, max(4, width // 3)), [rng.randrange(256) for _ in range(3)])
        for _ in range(9)
    ]
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            pixel = [120 + 90 * math.sin(x / 9 + c) + 40 * y / height for c in range(3)]
            for sx, sy, radius, colour in shapes:
                if (x - sx) ** 2 + (y - sy) ** 2 < radius * radius:
                    pixel = colour
            image.putpixel((x, y), tuple(max(0, min(255, int(v + rng.gauss(0, 6)))) for v in pixel))
    return image


def centre(image, resize, size):
    """torchvision's Resize and a crop of the middle, whose odd pixel is left over to the right and below."""
    shorter = min(image.size)
    width, height = (resize * side // shorter for side in image.size)
    left, top = (width - size) // 2, (height - size) // 2
    return image.resize((width, height), Image.BILINEAR).crop((left, top, left + size, top + size))


def record(path):
    image = Image.open(path).convert("RGB")
    (OUT / (path.name + ".rgb")).write_bytes(image.tobytes())
    for resize, size in PLANS:
        (OUT / f"{path.name}.{resize}-{size}").write_bytes(centre(image, resize, size).tobytes())


def run(*command, stdin=None):
    subprocess.run(command, input=stdin, check=True)


source = drawn(53, 37, 1)
ppm = OUT / "source.ppm"
source.save(ppm)
small = OUT / "small.ppm"
drawn(5, 3, 2).save(small)

for name, options in {
    "444.jpg": dict(quality=90, subsampling=0),
    "422.jpg": dict(quality=85, subsampling=1),
    "420.jpg": dict(quality=85, subsampling=2),
    "quality-5.jpg": dict(quality=5),
    "quality-100.jpg": dict(quality=100, subsampling=0),
    "optimised.jpg": dict(quality=75, optimize=True),
    "progressive-420.jpg": dict(quality=80, progressive=True),
    "progressive-444.jpg": dict(quality=96, subsampling=0, progressive=True),
}.items():
    source.save(OUT / name, **options)
source.convert("L").save(OUT / "grey.jpg", quality=80)
source.convert("L").save(OUT / "progressive-grey.jpg", quality=80, progressive=True)
exif = Image.Exif()
exif[0x0112] = 6
source.save(OUT / "turned.jpg", exif=exif)

for name, arguments in {
    "440.jpg": ["-sample", "1x2"],
    "411.jpg": ["-sample", "4x1"],
    "410.jpg": ["-sample", "4x2"],
    "restart.jpg": ["-sample", "2x2", "-restart", "2B"],
    "restart-progressive.jpg": ["-sample", "2x2", "-progressive", "-restart", "1"],
    "rgb.jpg": ["-rgb"],
    "chroma-larger.jpg": ["-sample", "1x1,2x1,1x2"],
}.items():
    run("cjpeg", "-quality", "85", *arguments, "-outfile", str(OUT / name), str(ppm))
scans = OUT / "scans.txt"
scans.write_text("0; 1; 2;\n")
run("cjpeg", "-quality", "85", "-sample", "2x2", "-scans", str(scans), "-outfile", str(OUT / "three-scans.jpg"), str(ppm))
run("cjpeg", "-quality", "85", "-sample", "2x2", "-outfile", str(OUT / "small.jpg"), str(small))
drawn(1, 1, 3).save(OUT / "one.jpg")
drawn(16, 300, 4).save(OUT / "tall.jpg", quality=85)
drawn(301, 16, 5).save(OUT / "wide.jpg", quality=85)

rgba = source.convert("RGBA")
rgba.putalpha(source.convert("L"))
source.save(OUT / "rgb.png")
rgba.save(OUT / "rgba.png")
source.convert("L").save(OUT / "grey.png")
source.convert("LA").save(OUT / "grey-alpha.png")
source.quantize(200).save(OUT / "palette-8.png")
source.quantize(13).save(OUT / "palette-4.png")
source.convert("1").save(OUT / "grey-1.png")
drawn(1, 1, 3).save(OUT / "one.png")
for name, arguments in {
    "interlaced.png": ["-interlace", "PNG"],
    "grey-2.png": ["-colorspace", "Gray", "-depth", "2", "-define", "png:color-type=0", "-define", "png:bit-depth=2"],
    "grey-4.png": ["-colorspace", "Gray", "-depth", "4", "-define", "png:color-type=0", "-define", "png:bit-depth=4"],
    "rgb-16.png": ["-depth", "16", "-define", "png:color-type=2", "-define", "png:bit-depth=16"],
    "interlaced-palette.png": ["-colors", "14", "-interlace", "PNG", "-define", "png:color-type=3"],
}.items():
    run("convert", str(ppm), *arguments, str(OUT / name))

if features.check("webp"):
    source.save(OUT / "lossy.webp", quality=80)
    rgba.save(OUT / "lossless.webp", lossless=True)
    source.save(OUT / "animated.webp", save_all=True, append_images=[source.transpose(Image.FLIP_LEFT_RIGHT)])
source.convert("CMYK").save(OUT / "cmyk.jpg", quality=90)
run("convert", str(ppm), "-colorspace", "CMYK", "-quality", "90", str(OUT / "ycck.jpg"))
source.save(OUT / "bitmap.bmp")
source.save(OUT / "lossy-image.gif")

refused = {"animated.webp", "bitmap.bmp", "lossy-image.gif"}
for path in sorted(OUT.iterdir()):
    if path.suffix in (".jpg", ".png", ".webp") and path.name not in refused:
        record(path)
for path in (ppm, small, scans):
    path.unlink()
