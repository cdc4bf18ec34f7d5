"""What the tests of the domain share."""

import pytest

from organizer.domain.lexicon.reader import lexicon


@pytest.fixture(scope="session", autouse=True)
def the_lexicon_is_read() -> None:
    """The vocabulary is read at first use, for which no single example has to account."""
    lexicon()
