"""`organizer run`: prepare the data, start web and worker, say where, and stay until asked to end."""

import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from organizer.config import Config
from organizer.running import words
from organizer.running.certificate import certificate
from organizer.running.children import Child
from organizer.running.ground import demo_sign_ins, missing_parts, prepare
from organizer.running.sockets import answers, lan_address, listen
from organizer.running.supervisor import Supervisor
from organizer.running.web import WebServer


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for: where to listen, how many, and whether with a certificate of our own."""

    host: str
    workers: int
    threads: int
    tls: bool


def run(wishes: Wishes, environ: Mapping[str, str]) -> int:
    """The process's exit code: 0 after it was asked to end. Raises ConfigError, PortTaken."""
    # Until the supervisor hears for itself: the shell's `&` has SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = Config.from_environ(environ)
    listener = listen(wishes.host, asked.port, may_move=asked.env != "production")
    port = int(listener.getsockname()[1])
    if port != asked.port:
        words.say_port_taken(asked.port, port)
    settled = _settle(environ, port, wishes.tls)
    config = Config.from_environ(settled)
    words.say_parts_missing(missing_parts())
    shown = demo_sign_ins(config, settled, fresh=prepare(config))
    supervisor = Supervisor(
        children=[_web(config, wishes, listener, settled), _worker(settled)],
        ready=lambda: answers(port, wishes.tls),
        welcome=lambda: words.welcome(config, shown),
        say=words.warn,
    )
    code = supervisor.run()
    words.farewell()
    return code


def _settle(environ: Mapping[str, str], port: int, tls: bool) -> dict[str, str]:
    """The environment all our processes share: with the port that was found and the address it makes."""
    settled = {**environ, "PORT": str(port)}
    if tls and not environ.get("ORGANIZER_BASE_URL"):
        settled["ORGANIZER_BASE_URL"] = f"https://{lan_address() or 'localhost'}:{port}"
    return settled


def _web(config: Config, wishes: Wishes, listener: socket.socket, environ: Mapping[str, str]) -> Child:
    bind = f"fd://{listener.fileno()}"
    server = WebServer(bind, wishes.workers, wishes.threads)
    if wishes.tls:
        address = lan_address()
        made, key = certificate(config.data_dir, [address] if address else [])
        server = replace(server, certificate=made, key=key)
    return Child("web", server.command(), environ, keep=[listener.fileno()])


def _worker(environ: Mapping[str, str]) -> Child:
    return Child("worker", [sys.executable, "-m", "organizer.cli", "worker"], environ)


def serve(wishes: Wishes, environ: Mapping[str, str]) -> None:
    """`organizer web`: become the web server alone. Raises ConfigError; does not return."""
    config = Config.from_environ(environ)
    command = WebServer(f"{wishes.host}:{config.port}", wishes.workers, wishes.threads).command()
    os.execve(command[0], command, dict(environ))  # noqa: S606
