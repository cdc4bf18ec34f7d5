"""What is typed at the terminal, read as a form would read it."""

from organizer.running.plainly import Unusable
from organizer.web.text import clean


def usable_name(typed: str, longest: int) -> str:
    """A name in one line, without what cannot be seen. Unusable when it is empty or too long."""
    name = " ".join(clean(typed).split())
    if not 1 <= len(name) <= longest:
        raise Unusable(f"a name has 1 to {longest} characters")
    return name
