"""An evening's file on the command line: read, or refused in one clear line."""

import sys
from pathlib import Path
from typing import Final, NoReturn

from organizer.domain.meetup_file import BadFile, MeetupFile, Problem, read

BAD_FILE: Final = 2
"""Exit code where the file is no evening."""
NO_PLAN: Final = 3
"""Exit code where there is no lawful plan, or none was found."""

WORDS: Final = {
    Problem.NOT_JSON: "is not JSON",
    Problem.NOT_AN_OBJECT: "must be an object",
    Problem.OTHER_FORMAT: 'must be "meetup-bench/1"',
    Problem.MISSING: "is missing",
    Problem.NOT_A_LIST: "must be a list",
    Problem.WRONG_LENGTH: "has the wrong number of entries",
    Problem.NOT_A_NUMBER: "must hold whole numbers",
    Problem.OUT_OF_RANGE: "holds a number that is out of range",
    Problem.NOT_TWO: "names one person where two are meant",
    Problem.WRONG_SUM: "does not seat exactly the people who are there in that round",
    Problem.NO_FOLLOWUP: "is missing: the file says nothing of who may meet again",
}


def load(name: str) -> MeetupFile:
    """The evening in a file ("-": standard input). Ends the process with 2 and one line where it is none."""
    try:
        return read(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = unreadable.strerror if isinstance(unreadable, OSError) else "is not UTF-8"
        refuse(f"{name}: {reason}")
    except BadFile as bad:
        refuse(f"{name}: {bad.where or 'the file'} {WORDS[bad.problem]}")


def refuse(line: str, code: int = BAD_FILE) -> NoReturn:
    """End the process with a code and one line on standard error."""
    print(f"organizer: {line}", file=sys.stderr)
    raise SystemExit(code)
