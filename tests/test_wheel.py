"""The wheel holds the whole house, and a bare checkout can be installed too."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = (
    "organizer",
    "templates",
    "static",
    "wsgi.py",
    "setup.cfg",
    "setup.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
FETCHED = ("vendor", "fonts")
MADE = ("__pycache__", "*.egg-info", "*.so", "*_cy.c")
LEFT_OUT = shutil.ignore_patterns(*MADE)
HOT = "organizer/domain/seating/anneal_cy"

# Run in the installed house: pages in both languages, a style sheet, and whatever other paths are named.
VISIT = """
import sys
from pathlib import Path
import organizer, wsgi
assert Path(organizer.__file__).is_relative_to(sys.argv[1]), organizer.__file__
visitor = wsgi.app.test_client()
for language in ("ja", "en"):
    page = visitor.get("/", headers={"Accept-Language": language})
    assert page.status_code == 200, page.status
    print(language, "lang=\\"" + language + "\\"" in page.text)
assert visitor.get("/readyz").status_code == 200
for path in sys.argv[2:]:
    answer = visitor.get(path)
    print(path, answer.status_code, answer.mimetype)
"""


def checkout(target: Path, complete: bool) -> Path:
    """A copy of what is committed, with or without what set-up fetches."""
    leave = LEFT_OUT if complete else shutil.ignore_patterns(*MADE, *FETCHED)
    target.mkdir()
    for name in OURS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=leave)
        else:
            shutil.copyfile(source, target / name)
    return target


def pip(*words: str | Path, **settings: str) -> None:
    """This environment's pip, without the network; `settings` go into its environment."""
    common = ["--disable-pip-version-check", "--quiet"]
    offline = ["--no-deps", "--no-build-isolation", "--no-index"]
    command = [sys.executable, "-m", "pip", *common, str(words[0]), *offline, *map(str, words[1:])]
    subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **settings})


def installed(place: Path, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the house from `place`, far away from the checkout."""
    settings = {
        "PYTHONPATH": str(place),
        "ORGANIZER_ENV": "development",
        "ORGANIZER_DATA_DIR": str(data),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, *words], cwd=place, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The complete wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "-w", folder, checkout(folder / "checkout", complete=True))
    return next(folder.glob("enishi-*.whl"))


def names_below(folder: str, pattern: str = "*") -> set[str]:
    """The files of a folder of the house, as the tree has them."""
    files = (
        path
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".so", ".c")
    )
    return {str(path.relative_to(ROOT)) for path in files if not path.name.startswith(".")}


def test_wheel_holds_every_part(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static"):
        assert {f"organizer/{name}" for name in names_below(folder)} - held == set()
    assert names_below("organizer") - held == set()
    assert names_below("organizer/translations", "*.po") <= held
    assert {"wsgi.py", "organizer/fonts/NotoSansJP-Bold.ttf"} <= held
    assert not [name for name in held if name.startswith(("tests/", "var/", ".house/"))]


def test_wheel_serves_its_pages(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "place")
    place, data = tmp_path / "place", tmp_path / "var"
    said = installed(place, data, "-m", "organizer.cli", "setup")
    assert said.stderr == ""
    decoder = "/static/vendor/barcode-detector/zxing_reader.wasm"
    visit = installed(place, data, "-c", VISIT, str(place), decoder)
    assert visit.stdout.splitlines() == ["ja True", "en True", f"{decoder} 200 application/wasm"]


def test_wheel_holds_the_hot_loop_compiled_where_a_compiler_is(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    compiled = [name for name in held if name.startswith(HOT) and name.endswith(".so")]
    headers = Path(sysconfig.get_path("include"), "Python.h")
    assert bool(compiled) == bool(shutil.which("cc") and headers.exists())


def test_bare_checkout_serves_its_pages_and_says_what_it_lacks(tmp_path: Path) -> None:
    """Also without a compiler: the hot loop runs as it stands."""
    place, data = tmp_path / "place", tmp_path / "var"
    pip("install", "--target", place, checkout(tmp_path / "checkout", complete=False), CC="/bin/false")
    assert not list(place.glob(f"{HOT}*.so"))
    said = installed(place, data, "-m", "organizer.cli", "setup")
    assert re.fullmatch(r"Missing: barcode-detector, Noto Sans JP\. Pages work; .*\n", said.stderr)
    visit = installed(place, data, "-c", VISIT, str(place))
    assert visit.stdout.splitlines() == ["ja True", "en True"]
