"""Gunicorn's threads, given a request only once it has arrived.

Phones open lines that they may need later and say nothing on them; a bad network, or somebody who means harm, sends a
request letter by letter. A thread that waited for either would be missing at the door.
"""

import re
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE_SECONDS: Final = 20
"""How long a request may take to arrive; and how long a thread waits for the next piece of one it has begun with."""

ENOUGH: Final = 32_768
"""Bytes of a request that are waited for; the rest of a longer one is read by its thread."""

_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_ASKS_FIRST: Final = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def has_arrived(data: bytes) -> bool:
    """Whether a thread may begin with a request of which so much is there."""
    end = data.find(b"\r\n\r\n")
    if len(data) >= ENOUGH:
        return True
    if end < 0:
        return False
    head = data[: end + 2]
    length = _LENGTH.search(head)
    if length is None or _ASKS_FIRST.search(head):
        return True
    return len(data) >= min(end + 4 + int(length[1]), ENOUGH)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose connections wait in its main loop, where thousands fit, and not in its threads."""

    patience = PATIENCE_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, tuple[float, int]] = {}
        """Connections on which a request is awaited: until when, oldest first, and how many bytes of it are there."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection in, and wait until something is said on it."""
        try:
            line, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        for kind in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            line.setsockopt(socket.SOL_SOCKET, kind, struct.pack("ll", self.patience, 0))
        self.nr_conns += 1
        self._await(TConn(self.cfg, line, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a line that was kept open: it, too, is waited for."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)
        self._look(conn, client)

    def murder_pending(self) -> None:
        """Close the lines on which nothing whole has arrived in time."""
        super().murder_pending()
        now = time.monotonic()
        while self._arriving:
            conn, (until, _there) = next(iter(self._arriving.items()))
            if until > now:
                return
            self._leave(conn)
            self.nr_conns -= 1
            conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """When the worker stops: what has not arrived by then is not waited for."""
        super()._cap_keepalive(deadline)
        self._arriving = {conn: (min(until, deadline), n) for conn, (until, n) in self._arriving.items()}

    def _await(self, conn: TConn) -> None:
        self._arriving[conn] = time.monotonic() + self.patience, 0
        self.poller.register(conn.sock, EVENT_READ, partial(self._look, conn))

    def _look(self, conn: TConn, _line: object) -> None:
        """Hand a connection to a thread if its request is there, or nothing more of it will come."""
        until, there = self._arriving[conn]
        try:
            data = b"" if self.cfg.is_ssl else conn.sock.recv(ENOUGH, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if len(data) > there and not has_arrived(data):
            self._arriving[conn] = until, len(data)
            self._wake_at(conn, len(data) + 1)
            return
        self._leave(conn)
        self._wake_at(conn, 1)
        conn.data_ready = True
        self.enqueue_req(conn)

    def _leave(self, conn: TConn) -> None:
        del self._arriving[conn]
        self.poller.unregister(conn.sock)

    @staticmethod
    def _wake_at(conn: TConn, size: int) -> None:
        """Have a connection count as readable from so many bytes on: a part of a request is told but once."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)
