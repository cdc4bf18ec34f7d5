"""Three hundred badges as a PDF."""

import time

from organizer.checkin import badge_pdf
from organizer.domain.badges import Badge, Headings, SheetKind

BADGES, GOAL = 300, 5.0
HEADINGS = Headings("提供できること", "会いたい人")


def measure() -> dict[SheetKind, tuple[float, int]]:
    """CPU seconds and bytes of all badges, on every kind of sheet."""
    badges = [
        Badge(
            "第12回 朝の会",
            f"髙橋 {n}子",
            "たかはし",
            "株式会社ひびき工業",
            ("採用・育成", "資金繰り"),
            ("採用広報の経験",),
            "製造業の社長",
            f"https://enishi.example.jp/p/{n:022}",
        )
        for n in range(BADGES)
    ]
    found = {}
    for kind in SheetKind:
        began = time.process_time()
        drawn = badge_pdf.draw(badges, kind, 1, HEADINGS, "Badges")
        found[kind] = time.process_time() - began, len(drawn)
    return found


def show(found: dict[SheetKind, tuple[float, int]]) -> bool:
    """Print; whether the goal was reached."""
    said = ", ".join(
        f"{kind.value} {seconds:.2f} s ({size // 1024} KiB)" for kind, (seconds, size) in found.items()
    )
    good = max(seconds for seconds, _ in found.values()) <= GOAL
    print(f"\n{BADGES} badges, CPU (goal ≤ {GOAL:.0f} s): {said}{'' if good else '   ← missed'}")
    return good
