"""The blueprint that all pages of closings and matches hang in."""

from flask import Blueprint

blueprint = Blueprint("matches", __name__)
