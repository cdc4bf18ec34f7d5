"""Children are kept alive, and ended in time, whatever they do."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from organizer.running import children
from organizer.running.children import Child
from organizer.running.supervisor import Supervisor

SLEEPER = "import time; time.sleep(60)"
STUBBORN = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; print(flush=True); time.sleep(60)"


def child(code: str, name: str = "child") -> Child:
    """A child that runs a line of Python."""
    return Child(name, [sys.executable, "-c", code], os.environ)


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Look again until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.02)


class Stage:
    """A supervisor with its ears open, and someone who sends us a signal when the moment has come."""

    def __init__(self, *family: Child, ready: Callable[[], bool] = lambda: True) -> None:
        self.said: list[str] = []
        self.welcomes = 0
        self.supervisor = Supervisor(family, ready, self._welcome, self.said.append)

    def _welcome(self) -> None:
        self.welcomes += 1

    def run(self, *acts: Callable[[], object]) -> int:
        """Run until the acts, done one after another beside it, have sent a signal."""

        def play() -> None:
            for act in acts:
                act()

        player = threading.Thread(target=play)
        player.start()
        code = self.supervisor.run()
        player.join()
        return code


def send(number: signal.Signals) -> None:
    """Send this process a signal."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_ends_all_children(number: signal.Signals) -> None:
    one, two = child(SLEEPER), child(SLEEPER)
    stage = Stage(one, two)
    code = stage.run(lambda: wait_until(lambda: stage.welcomes == 1 and two.running), lambda: send(number))
    assert code == 0
    assert not one.running
    assert not two.running
    assert stage.said == []


def test_sigint_is_heard_though_it_was_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        stage = Stage(child(SLEEPER))
        assert stage.run(lambda: wait_until(lambda: stage.welcomes == 1), lambda: send(signal.SIGINT)) == 0
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_child_that_is_killed_is_started_again() -> None:
    only = child(SLEEPER, "web")
    stage = Stage(only)
    pids: list[int] = []

    def kill() -> None:
        assert only.pid is not None
        pids.append(only.pid)
        os.kill(only.pid, signal.SIGKILL)

    code = stage.run(
        lambda: wait_until(lambda: stage.welcomes == 1 and only.running),
        kill,
        lambda: wait_until(lambda: only.running and only.pid not in pids),
        lambda: send(signal.SIGTERM),
    )
    assert code == 0
    assert stage.said == ["web ended (SIGKILL); starting it again in 0.5 s."]
    assert stage.welcomes == 1


def test_pauses_grow_and_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    short = child("raise SystemExit(3)")
    pauses = []
    for _ in range(8):
        short.start()
        wait_until(lambda: short.death() is not None)
        pauses.append(short.pause)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    monkeypatch.setattr(children, "WELL_AFTER", 0.0)
    short.start()
    wait_until(lambda: short.death() is not None)
    assert short.pause == 0.5


def test_a_child_that_never_comes_up_ends_the_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.01)
    well = child(SLEEPER)
    stage = Stage(well, child("raise SystemExit(3)", "web"), ready=lambda: False)
    assert stage.run() == 1
    assert stage.said[-1] == "web ended (exit 3) again and again before it could answer; giving up."
    assert not well.running
    assert stage.welcomes == 0


def test_who_does_not_listen_is_killed_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("organizer.running.supervisor.GRACE_SECONDS", 0.3)
    note = tmp_path / "grandchild"
    code = (
        "import pathlib, subprocess, sys\n"
        f"inner = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE)\n"
        "inner.stdout.readline()\n"
        f"pathlib.Path({str(note)!r}).write_text(str(inner.pid))\n{STUBBORN}"
    )
    stubborn = child(code)
    stage = Stage(stubborn)
    began: list[float] = []
    assert stage.run(
        lambda: wait_until(lambda: note.exists() and note.read_text() != ""),
        lambda: began.append(time.monotonic()),
        lambda: send(signal.SIGTERM),
    ) == 0  # fmt: skip
    assert not stubborn.running
    wait_until(lambda: not alive(int(note.read_text())))


def test_a_second_signal_does_not_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("organizer.running.supervisor.GRACE_SECONDS", 60.0)
    note = tmp_path / "up"
    stage = Stage(child(f"import pathlib\npathlib.Path({str(note)!r}).touch()\n{STUBBORN}"))
    began = time.monotonic()
    stage.run(
        lambda: wait_until(note.exists),
        lambda: time.sleep(0.2),
        lambda: send(signal.SIGINT),
        lambda: time.sleep(0.3),
        lambda: send(signal.SIGINT),
    )
    assert time.monotonic() - began < 50.0, "the grace was waited for"


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")


if sys.platform == "linux":  # only there can a child's life be tied to its parent's, and make be looked at

    def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
        note = tmp_path / "pid"
        code = (
            "import os, pathlib, sys, time\n"
            "from organizer.running.children import Child\n"
            f"only = Child('only', [sys.executable, '-c', {SLEEPER!r}], os.environ)\n"
            "only.start()\n"
            f"pathlib.Path({str(note)!r}).write_text(str(only.pid))\n"
            "time.sleep(60)"
        )
        supervisor = subprocess.Popen([sys.executable, "-c", code])
        wait_until(lambda: note.exists() and note.read_text() != "")
        assert alive(int(note.read_text()))
        supervisor.kill()
        supervisor.wait()
        wait_until(lambda: not alive(int(note.read_text())))

    def test_an_interrupted_make_is_noticed(tmp_path: Path) -> None:
        """Make keeps SIGINT for itself and then waits for its child for ever."""
        code = (
            "import pathlib\n"
            "from organizer.running.signals import signals\n"
            "with signals() as heard:\n"
            f"    pathlib.Path({str(tmp_path / 'up')!r}).touch()\n"
            "    while not heard.asked():\n"
            "        heard.wait(0.1)\n"
            f"pathlib.Path({str(tmp_path / 'ended')!r}).touch()\n"
        )
        (tmp_path / "code.py").write_text(code)
        (tmp_path / "Makefile").write_text(f"run:\n\t@{sys.executable} {tmp_path / 'code.py'}\n")
        root = Path(__file__).parents[2]
        make = subprocess.Popen(["make", "run"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)},
                                stderr=subprocess.DEVNULL)  # fmt: skip
        wait_until((tmp_path / "up").exists)
        time.sleep(0.3)
        assert not (tmp_path / "ended").exists()
        make.send_signal(signal.SIGINT)
        make.wait(10)
        assert (tmp_path / "ended").exists()
