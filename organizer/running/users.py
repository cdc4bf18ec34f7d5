"""`organizer user`: adding people from the terminal, and listing them."""

import argparse
import getpass
import os
import sys

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.clock import now
from organizer.config import Config
from organizer.db import Database
from organizer.people import passwords
from organizer.people.models import Person
from organizer.people.service import create_person, find_by_address
from organizer.running import words
from organizer.running.plainly import MISUSED, plainly
from organizer.web.text import clean

LONGEST_NAME = 80


class Unusable(Exception):
    """What was typed cannot be used; the text says why."""


@plainly
def user(arguments: argparse.Namespace) -> int:
    """`organizer user add|list`; the process's exit code."""
    database = Database(Config.from_environ(os.environ).database_url)
    try:
        with database.transaction(writes=arguments.act == "add") as session:
            if arguments.act == "add":
                _add(session, arguments)
            else:
                _list(session)
    except Unusable as why:
        words.warn(str(why))
        return MISUSED
    finally:
        database.dispose()
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> None:
    try:
        email = validate_email(arguments.email, check_deliverability=False).normalized
    except EmailNotValidError as why:
        raise Unusable(str(why)) from why
    if find_by_address(session, email):
        raise Unusable(f"{email} is here already")
    name = clean(arguments.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Unusable(f"a name has 1 to {LONGEST_NAME} characters")
    person = create_person(session, email, now=now(), name=name, locale=arguments.locale, confirmed=True)
    if arguments.password:
        person.password_hash = passwords.hashed(_read_password())
    print(f"Added {person.name} <{person.email}>")


def _read_password() -> str:
    """Asked for without showing it, or the first line of standard input; held to the rule of the page."""
    asked = sys.stdin.isatty()
    typed = getpass.getpass() if asked else sys.stdin.readline().rstrip("\n")
    password = clean(typed)  # as a form reads it, or it would never match at the door
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Unusable(f"a password has {passwords.SHORTEST} to {passwords.LONGEST} characters")
    if not passwords.is_varied(password):
        raise Unusable(f"a password needs {passwords.FEWEST_SIGNS} different characters or more")
    if asked and getpass.getpass("Again: ") != typed:
        raise Unusable("the two passwords differ")
    return password


def _list(session: Session) -> None:
    query = select(Person.name, Person.email, Person.password_hash).order_by(Person.id)
    for name, email, password_hash in session.execute(query.where(Person.merged_into_id.is_(None))):
        print(f"{name}  {email or '-'}  {'password' if password_hash else 'link'}")
