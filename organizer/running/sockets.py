"""The port: found free, held open while the web server is started again, and asked whether it answers."""

import errno
import http.client
import socket
import ssl

HIGHEST = 65535
PORTS_TO_TRY = 50
PATIENCE_SECONDS = 2.0


class PortTaken(Exception):
    """Somebody else listens there; the text names the port."""


def listen(host: str, port: int, may_move: bool) -> socket.socket:
    """A listening socket on `port`, or on the next free one where that is allowed. Raises PortTaken.

    Children inherit it, so connections wait, rather than being refused, while a server is started again.
    """
    last = min(port + PORTS_TO_TRY, HIGHEST) if may_move else port
    for candidate in range(port, last + 1):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(512)
        except OSError as fault:
            listener.close()
            if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        listener.set_inheritable(True)
        return listener
    raise PortTaken(str(port))


def lan_address() -> str | None:
    """This machine's address in the local network, None without one. No packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation: only the route is looked up
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def answers(port: int, tls: bool, path: str = "/readyz") -> bool:
    """Whether the server on this machine's `port` says 200."""
    connection: http.client.HTTPConnection
    if tls:
        # Our own certificate on our own loopback: there is nobody to check it with.
        context = ssl._create_unverified_context()  # noqa: S323
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
