"""The web server's worker with little patience, so that a test need not wait for long."""

from organizer.running.worker import PatientWorker


class HastyWorker(PatientWorker):  # type: ignore[misc]
    """Waits for a request a second at most."""

    patience = 1
