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

LOOK_AGAIN_SECONDS: Final = 0.1
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
        self._arriving: dict[TConn, float] = {}
        """Connections on which a request is awaited or has begun, and until when."""
        self._halting: list[TConn] = []
        """Those of them with a part of a request: the poller would report it again and again."""

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

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Do what gunicorn does, then look again at requests of which a part was there."""
        super().wait_for_and_dispatch_events(min(timeout, LOOK_AGAIN_SECONDS) if self._halting else timeout)
        halting, self._halting = self._halting, []
        for conn in halting:
            if conn in self._arriving:
                self._watch(conn)

    def murder_pending(self) -> None:
        """Close the lines on which nothing whole has arrived in time."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, until in self._arriving.items() if until < now]:
            self._leave(conn)
            self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """When the worker stops: what has not arrived by then is not waited for."""
        super()._cap_keepalive(deadline)
        self._arriving = {conn: min(until, deadline) for conn, until in self._arriving.items()}

    def _await(self, conn: TConn) -> None:
        self._arriving[conn] = time.monotonic() + self.patience
        self._watch(conn)

    def _watch(self, conn: TConn) -> None:
        self.poller.register(conn.sock, EVENT_READ, partial(self._look, conn))

    def _look(self, conn: TConn, _line: object) -> None:
        """Hand a connection to a thread if its request is there; put it aside if a part of it is."""
        try:
            data = b"" if self.cfg.is_ssl else conn.sock.recv(ENOUGH, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.poller.unregister(conn.sock)
        if data and not has_arrived(data):
            self._halting.append(conn)
            return
        del self._arriving[conn]
        conn.data_ready = True
        self.enqueue_req(conn)

    def _leave(self, conn: TConn) -> None:
        del self._arriving[conn]
        if conn in self._halting:
            self._halting.remove(conn)
        else:
            self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()
