"""The cookie by which a browser is a device at one event's door: for scripts unreadable, and only for our own pages."""

from flask import Response

from organizer.checkin.models import Device
from organizer.clock import now
from organizer.web.bearer import cookie_name
from organizer.web.unit import config

KIOSK = "enishi-kiosk"
"""Says, without a look at the database, that this browser stands at the door and shows nothing but the kiosk."""


def keep_device(answer: Response, device: Device, token: str) -> Response:
    """Let the browser be this device until it expires."""
    _set(answer, cookie_name(), token, device)
    return answer


def keep_kiosk(answer: Response, device: Device, token: str) -> Response:
    """Let the browser be this kiosk, and nothing besides."""
    _set(answer, cookie_name(), token, device)
    _set(answer, kiosk_name(), "1", device)
    return answer


def drop_device(answer: Response) -> Response:
    """Let the browser be no device any more."""
    for name in (cookie_name(), kiosk_name()):
        answer.delete_cookie(name, path="/", secure=config().https, httponly=True, samesite="Lax")
    return answer


def kiosk_name() -> str:
    """Under which name a browser knows that it is a kiosk."""
    return f"__Host-{KIOSK}" if config().https else KIOSK


def _set(answer: Response, name: str, value: str, device: Device) -> None:
    left = max(0, round((device.expires_at - now()).total_seconds()))
    answer.set_cookie(
        name, value, max_age=left, path="/", secure=config().https, httponly=True, samesite="Lax"
    )
