"""The blueprint on which every page of this room hangs."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
