"""`make bench`: what the house needs for its work, beside goals; ends with 1 when a goal was missed."""

import sys

from tests.bench import scans

if __name__ == "__main__":
    sys.exit(scans.main(sys.argv[1:]))
