"""The room most tests of deciding work in."""

import pytest
from sqlalchemy.orm import Session

from tests.registrations.rooms import Room, make_room


@pytest.fixture
def room(session: Session) -> Room:
    """An event with two seats."""
    return make_room(session, capacity=2)
