"""Every chore of the house, called by `make`: `python3 .house CHORE`.

This one file is written so that an old Python can still read it and say what it lacks; the chores beside it
need Python 3.11 and nothing but its standard library.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - what runs this is whatever the machine calls python3
    sys.exit(
        f"Enishi needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}). Install one "
        "(macOS: brew install python@3.13) and say: make run PYTHON=python3.13"
    )

from chores import main

if __name__ == "__main__":
    main(sys.argv[1:])
