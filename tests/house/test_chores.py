"""The chores themselves: stamps, what they find on a machine, and what they say when something is missing."""

import ast
import configparser
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from chores import CHORES, browser_parts, machine, say, stamps
from chores.say import ROOT, Trouble

TOP = {
    *("wsgi.py", "organizer", "templates", "static", "tests", "docs"),
    *("setup.cfg", "setup.py", "pyproject.toml", "package.json", "package-lock.json", "Makefile"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
}


def test_a_stamp_holds_only_after_the_step_and_for_the_same_ingredients(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")
    stamp = stamps.Stamp(tmp_path / "deep" / "stamp", [lock, "3.11"])
    assert not stamp.holds()
    stamp.set()
    assert stamp.holds()
    assert not stamps.Stamp(stamp.path, [lock, "3.12"]).holds()
    lock.write_text("two")
    assert not stamps.Stamp(stamp.path, [lock, "3.11"]).holds()
    stamp.lift()
    assert not stamp.path.exists()


def test_ingredients_do_not_run_into_one_another() -> None:
    assert stamps.digest(["ab", "c"]) != stamps.digest(["a", "bc"])


def test_every_chore_has_its_line_in_help_and_its_target_in_make() -> None:
    help_text = subprocess.run(
        [sys.executable, ".house", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = next(line for line in makefile.splitlines() if line.startswith("CHORES :=")).split()[2:]
    assert set(targets) == set(CHORES)
    assert all(f"\n  {name} " in help_text and chore.__doc__ for name, chore in CHORES.items())


def test_what_makes_itself_known_to_an_old_python_can_be_read_by_it() -> None:
    source = (ROOT / ".house" / "__main__.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert source.index("sys.version_info") < source.index("from chores")


def test_a_failing_command_is_shown_and_named(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Trouble, match="failed with 3"):
        say.quietly([sys.executable, "-c", "print('why'); raise SystemExit(3)"])
    assert "why" in capfd.readouterr().err


def test_chromium_is_the_one_that_was_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "my-chromium"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(own))
    assert machine.chromium() == str(own)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    assert machine.chromium() is None


def test_without_a_way_to_root_the_exact_line_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        shutil, "which", lambda name, path=None: None if name == "sudo" else f"/usr/bin/{name}"
    )
    with pytest.raises(
        Trouble, match="sudo apt-get install -y --no-install-recommends chromium redis-server"
    ):
        machine.install(["chromium", "redis-server"], why="the browser tests")


def test_elsewhere_than_on_debian_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    with pytest.raises(Trouble, match="need chromium: please install"):
        machine.install(["chromium"], why="the browser tests")


def test_browser_parts_lie_in_their_places_unchanged() -> None:
    manifest = json.loads(browser_parts.MANIFEST.read_text(encoding="ascii"))
    served = [place for place in browser_parts.PARTS.values() if place.startswith("static/")]
    assert {f"static/{name}" for name in manifest} == set(served)
    for name, integrity in manifest.items():
        assert browser_parts._integrity(ROOT / "static" / name) == integrity
    assert all((ROOT / place).stat().st_size for place in browser_parts.PARTS.values())


def test_another_wasm_than_the_script_wants_is_refused(tmp_path: Path) -> None:
    script, wasm = tmp_path / "script.js", tmp_path / "reader.wasm"
    wasm.write_bytes(b"\0asm of this version")
    script.write_text(f'const sha = "{hashlib.sha256(wasm.read_bytes()).hexdigest()}";')
    sources = {
        "barcode-detector/dist/es/zxing-exported.js": script,
        "zxing-wasm/dist/reader/zxing_reader.wasm": wasm,
    }
    browser_parts._check_wasm(sources)
    wasm.write_bytes(b"\0asm of the next version")
    with pytest.raises(Trouble, match="not the one"):
        browser_parts._check_wasm(sources)


def test_the_decoders_own_copy_of_its_wasm_comes_first(tmp_path: Path) -> None:
    part = "zxing-wasm/dist/reader/zxing_reader.wasm"
    hoisted, nested = tmp_path / part, tmp_path / "barcode-detector" / "node_modules" / part
    for path in (hoisted, nested):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"\0asm")
    assert browser_parts._locate(tmp_path, part) == nested
    nested.unlink()
    assert browser_parts._locate(tmp_path, part) == hoisted
    with pytest.raises(Trouble, match="npm brought no"):
        browser_parts._locate(tmp_path, "zxing-wasm/other")


def test_setup_cfg_names_every_folder_with_code() -> None:
    house = configparser.ConfigParser()
    house.read(ROOT / "setup.cfg", encoding="utf-8")
    named = set(house["options"]["packages"].split())
    code = {path.parent for path in (ROOT / "organizer").rglob("*.py")}
    folders = {".".join(path.relative_to(ROOT).parts) for path in code}
    wanted = folders | {"organizer.translations", "organizer.templates", "organizer.static"}
    assert named == wanted, "bring `packages` in setup.cfg up to date"


def test_only_what_every_project_has_lies_at_the_top() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--directory"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= TOP
