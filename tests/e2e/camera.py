"""Films for a fake camera: what a phone sees when tickets are held before it."""

import io
from collections.abc import Iterable
from pathlib import Path

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

WIDTH, HEIGHT = 640, 480
FRAMES_A_SECOND = 30
TILT = 7
PAPER = (236, 232, 224)

Scene = tuple[str | None, float]
"""A text shown as a QR code, or None for an empty table, and for how many seconds."""


def film(path: Path, scenes: Iterable[Scene]) -> Path:
    """Write the scenes as a film that Chromium takes for a camera's picture and plays over and over."""
    with path.open("wb") as file:
        for text, seconds in scenes:
            frame = still(text)
            for _ in range(round(seconds * FRAMES_A_SECOND)):
                file.write(frame)
    return path


def still(text: str | None, tilt: int = TILT) -> bytes:
    """One picture of that code lying on a table, a little askew, as JPEG."""
    table = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    if text is not None:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=7, border=4, mask_pattern=3)
        code.add_data(text)
        picture = code.make_image().get_image().convert("RGB").rotate(tilt, expand=True, fillcolor=PAPER)
        table.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
    file = io.BytesIO()
    table.save(file, "JPEG", quality=80)
    return file.getvalue()


def switches(path: Path) -> tuple[str, ...]:
    """The switches with which Chromium plays a film instead of a camera's picture, without asking anybody."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )
