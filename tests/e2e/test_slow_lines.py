"""Lines on which nothing is said, or a letter now and then: the door goes on, and they are closed."""

import http.client
import json
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from organizer.running.children import Child
from organizer.running.web import WORKER
from organizer.running.worker import ENOUGH, has_arrived
from tests.bench.crowd import bearer_of, make_hall
from tests.e2e.live import Live

LINES = 100
SOONER_SECONDS = 15.0
"""Less than a line may keep quiet: whoever has to wait for one of them is not answered within it."""
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /api/v1/events/x/scans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n\r\n{"

LONG = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with Live(tmp_path_factory.mktemp("slow"), None, 2, 8, still=True) as house:
        yield house


def line_to(house: Live, said: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", house.port), timeout=SOONER_SECONDS)
    line.sendall(said)
    return line


def status_on(line: socket.socket) -> int:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    answer.read()
    return answer.status


@pytest.mark.parametrize("said", [b"", b"G", ASK + b"X-A: ", POST], ids=["silent", "begun", "head", "body"])
def test_the_door_goes_on_beside_lines_that_say_nothing(house: Live, said: bytes) -> None:
    with house.rows() as session:
        hall = make_hall(session, 8)
    with ExitStack() as lines:
        for _ in range(LINES):
            lines.enter_context(line_to(house, said))
        for code in hall.codes:
            door = http.client.HTTPConnection("127.0.0.1", house.port, timeout=SOONER_SECONDS)
            body = json.dumps({"code": code, "key": secrets.token_hex(16)})
            door.request("POST", f"/api/v1/events/{hall.event}/scans", body, bearer_of(house.port, hall))
            assert json.loads(door.getresponse().read())["result"] == "admitted"
            door.close()


def test_what_comes_in_pieces_is_answered(house: Live) -> None:
    with line_to(house) as line:
        for piece in (ASK[:10], ASK[10:], b"\r", b"\n"):
            line.sendall(piece)
            time.sleep(0.15)
        assert status_on(line) == 200
        line.sendall(ASK + b"\r\n" + ASK)  # the line is kept open; the third request comes with the second
        assert status_on(line) == 200
        line.sendall(b"\r\n")
        assert status_on(line) == 200
        for piece in (POST, b'"code": "x", ', b" " * 26):
            line.sendall(piece)
            time.sleep(0.15)
        assert status_on(line) == 401


def test_a_long_request_begins_before_it_is_whole(house: Live) -> None:
    head = b"POST /api/v1/events/x/scans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    with line_to(house, head + b"x" * 60_000) as line:
        line.sendall(b"x" * 40_000)
        assert status_on(line) in (401, 413)


def test_a_line_that_never_comes_to_the_point_is_closed(tmp_path: Path) -> None:
    hasty = Live(tmp_path, None, 1, 2, still=True)
    command = [word.replace(WORKER, "tests.e2e.hasty.HastyWorker") for word in hasty.web.command]
    hasty.web = Child("web", command, hasty.environ, keep=hasty.web.keep)
    with hasty as house:
        lines = [line_to(house, said) for said in (b"", ASK, POST, b"POST / HTTP/1.1\r\nHost: localhost\r\n")]
        for line in lines:
            with line, suppress(ConnectionResetError):
                assert line.recv(100) == b""
        with line_to(
            house, b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + LONG + b"email=" + b"x" * 50_000
        ) as line:
            assert 400 <= status_on(line) < 500
        with line_to(house, ASK + b"\r\n") as line:
            assert status_on(line) == 200


@pytest.mark.parametrize(
    ("data", "arrived"),
    [
        (b"", False),
        (ASK, False),
        (ASK + b"\r\n", True),
        (POST, False),
        (POST + b"x" * 39, True),
        (b"GET / HTTP/1.1\r\ncontent-length:3\r\n\r\nab", False),
        (b"GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", False),
        (b"x" * ENOUGH, True),
        (b"POST / HTTP/1.1\r\nX: content-length: 9\r\n\r\n", True),
    ],
)
def test_a_thread_begins_with_what_is_there(data: bytes, arrived: bool) -> None:
    assert has_arrived(data) is arrived
