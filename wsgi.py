"""The web application, for a WSGI server."""

from organizer import create_app

app = create_app()
