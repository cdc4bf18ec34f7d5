"""The blueprint on which every page of this room hangs."""

from flask import Blueprint

blueprint = Blueprint("circles", __name__)
