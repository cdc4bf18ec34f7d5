"""The knock: after a commit, wake the worker. A lost knock loses nothing, a double one does nothing twice."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)
_ring: Callable[[], object] | None = None


def ring_with(ring: Callable[[], object] | None) -> None:
    """Set what a knock does in this process; None: nothing, the worker's own minute will do."""
    global _ring
    _ring = ring


def knock() -> None:
    """Tell the worker that something is due. Never fails: the sweep of each minute finds the row anyway."""
    if _ring is None:
        return
    try:
        _ring()
    except Exception as error:
        log.warning("knock not heard: %s", type(error).__name__)
