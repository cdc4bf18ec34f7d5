"""Where templates and static files lie: inside an installed package, beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def folder(name: str) -> str:
    """The folder of that name inside the package, else the one beside it."""
    inside = PACKAGE / name
    return str(inside if inside.is_dir() else PACKAGE.parent / name)
