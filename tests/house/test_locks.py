"""The locks hold what setup.cfg asks for, pinned and hashed, and name no place to fetch it from."""

import json
import re
import subprocess

import pytest
from chores import locks
from chores.environment import LOCKS
from chores.say import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]+\])?==([^ ;\\]+)", re.MULTILINE)
# Put together here, so that this file does not name them either.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("yarnpkg", "com"),
            ("jsd" + "elivr", "net"),
            ("unp" + "kg", "com"),
            ("cd" + "njs", "cloudflare"),
            ("googleapis", "com"),
            ("deb", "debian", "org"),
        )
    )
)


def pins(lock: str) -> dict[str, set[Version]]:
    """Every package of a lock with its versions (two where a marker chooses)."""
    found: dict[str, set[Version]] = {}
    for name, version in PIN.findall((LOCKS / f"{lock}.lock").read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


@pytest.mark.parametrize("lock", ["run", "test"])
def test_lock_was_made_from_setup_cfg(lock: str) -> None:
    assert locks.agrees(lock), "setup.cfg has changed since: make lock"


@pytest.mark.parametrize("lock", ["run", "test"])
def test_lock_satisfies_every_wish(lock: str) -> None:
    held = pins(lock)
    for line in locks.requirements(lock):
        wish = Requirement(line)
        versions = held.get(canonicalize_name(wish.name), set())
        assert versions, f"{wish.name} is not in {lock}.lock"
        assert all(version in wish.specifier for version in versions), f"{line}, but the lock has {versions}"


def test_both_locks_fit_into_one_environment() -> None:
    run, test = pins("run"), pins("test")
    assert {name: versions for name, versions in run.items() if test.get(name) != versions} == {}


@pytest.mark.parametrize("lock", ["run", "test"])
def test_every_pin_has_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z])", (LOCKS / f"{lock}.lock").read_text(encoding="utf-8"))[1:]
    assert len(blocks) > 50
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_npm_lock_names_versions_and_hashes_but_no_place() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert not any("resolved" in facts for facts in packages.values())
    wished = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in (wished["dependencies"] | wished["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version, f"{name} is not pinned exactly"


def test_decoder_brings_its_own_wasm() -> None:
    """Asking for zxing-wasm ourselves would hoist another version than the one the script fits."""
    wished = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert "zxing-wasm" not in wished["dependencies"] | wished["devDependencies"]


def test_no_file_names_a_registry_or_a_distribution_network() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    named = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and REGISTRIES.search(path.read_bytes().decode("utf-8", "replace")):
            named.append(name)
    assert named == []
