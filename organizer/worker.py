"""The worker: composes and sends mails, does tasks at their time, puts prompts on their days."""

import importlib
import logging
import pkgutil
import signal
import threading
from dataclasses import replace
from datetime import datetime
from types import FrameType
from urllib.parse import urlsplit

from huey import crontab
from sqlalchemy.orm import Session

import organizer
from organizer import create_app
from organizer.circles.models import Circle
from organizer.clock import now
from organizer.config import Config
from organizer.domain.delivery import SuppressionReason
from organizer.i18n import DEFAULT_LOCALE, speaking
from organizer.jobs import queue
from organizer.jobs.sweep import Parcel, Sweeper
from organizer.jobs.tasks import LANES, Lane
from organizer.mail.compose import compose
from organizer.mail.letters import COMPOSERS, Letter
from organizer.mail.models import Message
from organizer.mail.transports import FolderTransport, SmtpTransport, Transport
from organizer.people.models import Person
from organizer.web.unit import App

log = logging.getLogger(__name__)
THREADS = 2
LANE_THREADS = 2
LANE_PAUSE = 0.2
"""Seconds between two looks of a lane: somebody stands before a page and waits for what it does."""
LANE_REST = 5.0
"""Seconds after a failure that was not foreseen."""
LANE_PATIENCE = 5.0
"""Seconds that the end waits for a lane; what it had claimed is taken over when its lease ends."""


def gather_work() -> None:
    """Import every room's `mails`, `…_mails` and `jobs`, so that what they register is known."""
    for module in pkgutil.iter_modules(organizer.__path__):
        if not module.ispkg:
            continue
        room = importlib.import_module(f"organizer.{module.name}")
        for part in pkgutil.iter_modules(room.__path__):
            if part.name in ("mails", "jobs") or part.name.endswith("_mails"):
                importlib.import_module(f"organizer.{module.name}.{part.name}")


class PostOffice:
    """Composes a message into a parcel, in its recipient's language."""

    def __init__(self, app: App, config: Config) -> None:
        self.app = app
        host = urlsplit(config.base_url).hostname or "localhost"
        self.host = host
        self.sender = f"enishi@{host}" if "." in host else f"enishi@{host}.invalid"
        self.transport: Transport = (
            SmtpTransport(config.smtp_url) if config.smtp_url else FolderTransport(config.outbox_dir)
        )

    def compose(self, session: Session, message: Message, moment: datetime) -> Parcel | SuppressionReason:
        """The parcel of a message, or why it is not to be sent (any more)."""
        person = session.get(Person, message.person_id) if message.person_id else None
        address = message.address or (person.email if person else None)
        if address is None:
            return SuppressionReason.NO_ADDRESS
        locale = person.locale if person else message.locale or DEFAULT_LOCALE
        circle = session.get(Circle, message.circle_id) if message.circle_id else None
        zone = (person.time_zone if person else None) or (circle.time_zone if circle else None)
        with self.app.app_context(), speaking(locale, zone):
            letter = COMPOSERS[message.kind](session, message, moment)
            if not isinstance(letter, Letter):
                return letter
            context = {"circle": circle, "person": person, "stop_url": letter.stop_url} | letter.context
            mail = compose(
                self.app.jinja_env,
                message,
                replace(letter, context=context),
                to=address,
                sender=self.sender,
                host=self.host,
                locale=locale,
                now=moment,
            )
        recipients = [address] + ([letter.copy_to] if letter.copy_to else [])
        return Parcel(lambda before: self.transport.send(mail, self.sender, recipients, before))


def sweeper(app: App, config: Config) -> Sweeper:
    """A sweeper for this app, with every room's work known to it."""
    gather_work()
    return Sweeper(app.extensions["enishi.database"], now, PostOffice(app, config).compose)


def run(config: Config) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    work = sweeper(create_app(config), config)
    sweeping = threading.Lock()

    def sweep() -> None:
        with sweeping:
            work.sweep()

    knocks = queue.connect(config, sweep)
    knocks.periodic_task(crontab(minute="*"), name="sweep_each_minute")(sweep)
    consumer = knocks.create_consumer(workers=THREADS, periodic=True, check_worker_health=True)
    stop = threading.Event()

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    consumer._set_signal_handlers = lambda: None  # the two handlers below are ours
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    consumer.start()
    lanes = [
        threading.Thread(target=_drive, args=(lane, work, f"{number}:{work.name}", stop), daemon=True)
        for lane in LANES
        for number in range(LANE_THREADS)
    ]
    for thread in lanes:
        thread.start()
    sweep()
    log.info("worker ready")
    stop.wait()
    consumer.stop(graceful=True)
    for thread in lanes:
        thread.join(LANE_PATIENCE)


def _drive(lane: Lane, work: Sweeper, name: str, stop: threading.Event) -> None:
    """Do the work of a lane as it falls due; what is due is looked for several times a second, which costs a read."""
    while not stop.is_set():
        try:
            found = lane(work.database, work.now, name)
        except Exception:
            log.exception("a lane stumbled")
            found = False
            stop.wait(LANE_REST)
        if not found:
            stop.wait(LANE_PAUSE)
