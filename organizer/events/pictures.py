"""The picture that stands beside a link to an event when it is shared."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Point = tuple[float, float]

SIZE = (1200, 630)
MARGIN = 80
PAPER, INK, SOFT, LINE = "#FBF9F5", "#20242A", "#5A5F66", "#DDD6C9"
THREADS = ("#1F4E79", "#857C6D", "#C2412A")
OWN = Path(__file__).parents[1] / "fonts"
SYSTEM = Path("/usr/share/fonts/opentype/noto")
FACES = {
    400: (OWN / "NotoSansJP-Regular.ttf", SYSTEM / "NotoSansCJK-Regular.ttc"),
    700: (OWN / "NotoSansJP-Bold.ttf", SYSTEM / "NotoSansCJK-Bold.ttc", SYSTEM / "NotoSansCJK-Regular.ttc"),
}
NEVER_FIRST = "、。，．・：；？！ー）」』】〉》〕］｝ぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
NEVER_LAST = "「『（【〈《〔［｛"
TITLE_LINES = 3
CURVE_STEPS = 60


def share_picture(title: str, lines: Sequence[str], circle: str) -> bytes:
    """A PNG of 1200 × 630: the circle's name, the event's title in up to three lines, and what else is to be read."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, SIZE[1] - 12, SIZE[0], SIZE[1]), fill=THREADS[2])
    sign = _threads()
    picture.paste(sign, (SIZE[0] - MARGIN - sign.width, MARGIN - 4), sign)
    width = SIZE[0] - 2 * MARGIN
    draw.text((MARGIN, MARGIN), _fitting(circle, font(34), width - 140), font=font(34), fill=SOFT)
    bold, step = _title_font(title, width)
    top = MARGIN + 76
    for line in wrapped(title, bold, width)[:TITLE_LINES]:
        draw.text((MARGIN, top), line, font=bold, fill=INK)
        top += step
    bottom = SIZE[1] - MARGIN - 52 * len(lines) + 8
    draw.line((MARGIN, bottom - 24, SIZE[0] - MARGIN, bottom - 24), fill=LINE, width=2)
    for number, line in enumerate(lines):
        draw.text((MARGIN, bottom + 52 * number), _fitting(line, font(36), width), font=font(36), fill=INK)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def font(size: int, weight: int = 400) -> Font:
    """The Japanese font of that size in pixels: ours, else the system's, else whatever Pillow has."""
    for path in FACES[weight]:
        if path.is_file():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def wrapped(text: str, face: Font, width: float) -> list[str]:
    """The text in lines no wider than `width`; English breaks at spaces, Japanese anywhere a line may begin."""
    lines: list[list[str]] = [[]]
    for piece in _pieces(text):
        last = lines[-1]
        if last and face.getlength("".join(last) + piece.rstrip()) > width:
            carried = [piece]
            while len(last) > 1 and (carried[0][0] in NEVER_FIRST or last[-1][-1] in NEVER_LAST):
                carried.insert(0, last.pop())
            lines.append(carried)
        elif last or not piece.isspace():
            last.append(piece)
    return ["".join(line).strip() for line in lines]


def _pieces(text: str) -> list[str]:
    """What stays together: a Japanese character, or a word of another script with the space after it."""
    pieces: list[str] = []
    for char in text:
        joins = pieces and pieces[-1][-1].isascii() and not pieces[-1][-1].isspace()
        if joins and char.isascii() and len(pieces[-1]) < 24:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _title_font(title: str, width: float) -> tuple[Font, int]:
    """The largest size at which the title takes three lines at most, and the step from line to line."""
    for size in (76, 64, 54):
        if len(wrapped(title, font(size, 700), width)) <= (2 if size == 76 else TITLE_LINES):
            return font(size, 700), round(size * 1.35)
    return font(46, 700), 62


def _fitting(text: str, face: Font, width: float) -> str:
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


@cache
def _threads() -> Image.Image:
    """The sign: three threads that cross once, drawn large and made small so that their edges are smooth."""
    sign = Image.new("RGBA", (4 * 100, 4 * 56), PAPER)
    draw = ImageDraw.Draw(sign)
    for number, colour in enumerate(THREADS):
        start, end = 4 * (6 + 22 * number), 4 * (50 - 22 * number)
        curve = [_bent(step / CURVE_STEPS, start, end) for step in range(CURVE_STEPS + 1)]
        draw.line(curve, fill=colour, width=26, joint="curve")
    return sign.resize((100, 56), Image.Resampling.LANCZOS)


def _bent(part: float, start: float, end: float) -> Point:
    smooth = part * part * (3 - 2 * part)
    return 400 * part, start + (end - start) * smooth
