"""`organizer user`: adding people from the terminal, and listing them."""

import argparse
import getpass
import sys

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.clock import now
from organizer.people import passwords
from organizer.people.models import Person
from organizer.people.service import create_person, find_by_address
from organizer.running.ground import at_hand
from organizer.running.plainly import Unusable, plainly
from organizer.running.typed import usable_name
from organizer.web.text import clean

LONGEST_NAME = 80


@plainly
def user(arguments: argparse.Namespace) -> int:
    """`organizer user add|list`; the process's exit code."""
    with at_hand(writes=arguments.act == "add") as session:
        if arguments.act == "add":
            _add(session, arguments)
        else:
            _list(session)
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> None:
    try:
        email = validate_email(arguments.email, check_deliverability=False).normalized
    except EmailNotValidError as why:
        raise Unusable(str(why)) from why
    if find_by_address(session, email):
        raise Unusable(f"{email} is here already")
    name = usable_name(arguments.name, LONGEST_NAME)
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
