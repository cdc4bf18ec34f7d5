"""Gunicorn's settings module, read before it forks: importing it imports the house once for all web processes.

Each of them makes its app after the fork, so no connection is ever shared.
"""

import gc
import sys

from organizer import create_app

assert callable(create_app)
sys.setswitchinterval(0.0002)  # who draws three hundred badges keeps nobody at the door waiting
gc.freeze()  # what is imported stays; collecting it in each process would only copy its memory
