"""The blueprint that all pages of registrations hang in."""

from flask import Blueprint

blueprint = Blueprint("registrations", __name__)
