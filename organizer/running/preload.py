"""Gunicorn's settings module, read before it forks: importing it imports the house once for all web processes.

Each of them makes its app after the fork, so no connection is ever shared.
"""

import gc

from organizer import create_app

assert callable(create_app)
gc.freeze()  # what is imported stays; collecting it in each process would only copy its memory
