"""What the scanner is made of, so that it opens without a network: its files, and one version for them all."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from flask import current_app, url_for

from organizer.web.urls import asset

FIRST = "door.js"
"""The script that imports all others of the page, by their bare names: so the folder they lie in names the version."""

STYLES_AND_PARTS = (
    "css/app.css",
    "css/door.css",
    "img/icon.svg",
    "js/app.js",
    "vendor/barcode-detector/ponyfill.js",
    "vendor/barcode-detector/zxing_reader.wasm",
    "vendor/idb/index.js",
)
UNVERSIONED = ("js/draft.js", "vendor/barcode-detector/zxing-exported.js")
"""What other scripts import by its bare name."""

_IMPORT = re.compile(r'\bfrom "\./([a-z_-]+\.js)"')
PAGE = "checkin/door.html"
FETCHED = "vendor/manifest.json"


def modules() -> list[str]:
    """The scripts of the page, by name: the first one and whatever it imports."""
    return _modules(_static() / "js" / "door")


def version() -> str:
    """The same as long as page and files are the same: another one gets a cache of its own in the browser."""
    return _version(_static(), Path(str(current_app.root_path)) / str(current_app.template_folder))


def module(name: str) -> str:
    """The address of one of the page's scripts, whose folder names the version of all."""
    return url_for("checkin.door_module", version=version(), name=name)


def assets() -> list[str]:
    """The addresses that the page needs when there is no network."""
    static = _static()
    scripts = [module(name) for name in modules()]
    bare = [url_for("static", filename=name) for name in UNVERSIONED if (static / name).is_file()]
    return scripts + bare + [asset(name) for name in STYLES_AND_PARTS if (static / name).is_file()]


def worker(page: str) -> str:
    """The service worker of the door whose page has this address."""
    told = json.dumps({"version": version(), "page": page, "assets": assets()})
    script = (_static() / "js" / "door" / "worker.js").read_text(encoding="utf-8")
    return f"const DOOR = {told};\n{script}"


def _static() -> Path:
    return Path(str(current_app.static_folder))


@cache
def _modules(folder: Path) -> list[str]:
    found, waiting = set[str](), [FIRST]
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting += set(_IMPORT.findall((folder / name).read_text(encoding="utf-8"))) - found
    return sorted(found)


@cache
def _version(static: Path, templates: Path) -> str:
    files = [static / "js" / "door" / name for name in (*_modules(static / "js" / "door"), "worker.js")]
    files += [static / name for name in (*STYLES_AND_PARTS, *UNVERSIONED, FETCHED)]
    whole = hashlib.sha256()
    for path in (*files, templates / PAGE):
        whole.update(path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return whole.hexdigest()[:16]
