"""The house stands: nobody imports from a floor above, or from a later feature."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "organizer"
FEATURES = [
    "people",
    "circles",
    "events",
    "registrations",
    "checkin",
    "rounds",
    "matches",
    "ties",
    "followups",
    "reports",
]
TOP = {
    "organizer",
    "organizer.application",
    "organizer.migrations.env",
    "organizer.cli",
    "organizer.models",
    "organizer.worker",
    "organizer.demo",
}
FOUNDATION = {
    "config",
    "db",
    "errors",
    "i18n",
    "mail",
    "jobs",
    "clock",
    "tokens",
    "audit",
    "migrations",
    "register",
}
FACES = {
    "views",
    "api",
    "forms",
    "mails",
    "jobs",
    "pdf",
    "wording",
    "pictures",
    "way",
    "pages",
    "holding",
    "labels",
    "room",
}
LENT = {
    "organizer.events.way",
    "organizer.events.wording",
    "organizer.matches.wording",
}  # faces that every later feature shows too
FLASK_FREE = {
    "flask",
    "flask_login",
    "flask_wtf",
    "wtforms",
    "werkzeug",
    "flask_babel",
    "flask_limiter",
    "flask_smorest",
}
PURE = {"numpy", "highspy", "rapidfuzz", "cython"}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the package with its file."""
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of each import of a file; `from a import b` counts as `a.b` when that is a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = HOUSE.parent / Path(*f"{node.module}.{alias.name}".split("."))
                is_module = inner.with_suffix(".py").exists() or inner.is_dir()
                yield node.lineno, f"{node.module}.{alias.name}" if is_module else node.module


def room(module: str) -> str:
    """The room of a module: `people`, `web`, `domain`, …"""
    return ([*module.split("."), ""])[1]


def is_face(module: str) -> bool:
    """Whether it stands on the floor that speaks with browsers and readers."""
    parts = module.split(".")
    if room(module) == "web":
        return True
    return len(parts) > 2 and any(parts[2] == face or parts[2].endswith(f"_{face}") for face in FACES)


def floor(module: str) -> int:
    """6 at the top … 0 the pure domain."""
    if module in TOP or module.startswith(("organizer.running", "organizer.demo")):
        return 6
    if room(module) == "domain":
        return 0
    if room(module) in FOUNDATION:
        return 1
    if is_face(module):
        return 5
    if room(module) == "workflows":
        return 4
    return 2 if module.endswith(".models") else 3


def complaint(module: str, imported: str) -> str | None:
    """Why `module` may not import `imported`; None when it may."""
    if not imported.startswith("organizer"):
        return _stranger(module, imported.split(".")[0])
    if imported == "organizer" or floor(imported) == 6:
        return None if floor(module) == 6 else "the top is nobody's floor"
    here, there = floor(module), floor(imported)
    if there > here:
        return f"floor {here} imports floor {there}"
    mine, other = room(module), room(imported)
    if mine in FEATURES and other in FEATURES and mine != other:
        if here == there == 5 and not (imported in LENT and FEATURES.index(other) < FEATURES.index(mine)):
            return "another feature's face"
        if here in (2, 3) and FEATURES.index(other) > FEATURES.index(mine):
            return f"{mine} comes before {other}"
    return None


def _stranger(module: str, package: str) -> str | None:
    if floor(module) in (2, 3, 4) and package in FLASK_FREE:
        return "services and models do without Flask"
    if floor(module) == 1 and package in FLASK_FREE and room(module) != "i18n":
        return "the foundation does without Flask"
    if floor(module) == 0 and package in ("flask", "sqlalchemy", "random", "jinja2", *FLASK_FREE):
        return "the domain is pure"
    return None


def test_nobody_imports_upwards() -> None:
    broken = [
        f"{path.relative_to(HOUSE.parent)}:{line}: {module} imports {imported}: {why}"
        for module, path in modules()
        for line, imported in imports(path)
        if (why := complaint(module, imported))
    ]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("organizer.people.service", "organizer.people.views"),
        ("organizer.people.models", "organizer.events.models"),
        ("organizer.people.service", "flask"),
        ("organizer.domain.fit", "organizer.db"),
        ("organizer.domain.fit", "sqlalchemy"),
        ("organizer.events.views", "organizer.people.forms"),
        ("organizer.mail.outbox", "organizer.people.models"),
        ("organizer.workflows.closing", "organizer.matches.views"),
    ],
)
def test_the_test_sees_a_broken_floor(module: str, imported: str) -> None:
    assert complaint(module, imported)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("organizer.events.service", "organizer.people.service"),
        ("organizer.people.views", "organizer.ties.service"),
        ("organizer.workflows.closing", "organizer.matches.service"),
        ("organizer.people.models", "organizer.domain.vocabulary"),
    ],
)
def test_the_test_lets_pass_what_may(module: str, imported: str) -> None:
    assert complaint(module, imported) is None
