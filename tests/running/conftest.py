"""The command narrows the process's umask; a test process gets its own back."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    """The umask of before."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)
