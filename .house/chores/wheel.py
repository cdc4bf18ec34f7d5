"""The whole house as one wheel: code, templates, static files, browser parts, fonts."""

import shutil

from chores import browser_parts, environment
from chores.environment import program
from chores.say import ROOT, pip, step


def build(_words: list[str]) -> None:
    """Build dist/enishi-*.whl, complete with browser parts."""
    environment.ensure("run")
    browser_parts.ensure()
    with step("Building the wheel"):
        shutil.rmtree(ROOT / "build", ignore_errors=True)  # else files deleted since would come along
        options = ["--no-deps", "--no-build-isolation", "--no-index"]
        pip(program("python"), "wheel", *options, "-w", ROOT / "dist", ROOT)
        shutil.rmtree(ROOT / "build", ignore_errors=True)
    print(*sorted(path.relative_to(ROOT) for path in (ROOT / "dist").glob("*.whl")), sep="\n")
