"""Whose database is this? The demo is only ever built in an empty one or over itself."""

from django.core.management.color import no_style
from django.db import connection, transaction

from helpdesk.models import User
from reservations.demo.people import CARD_LIST, USERNAMES
from reservations.demo.rooms import SLUGS
from reservations.models import Branch, Card, Device, DeviceClass, Patron, Policy
from reservations.patrons.keys import card_key

HELD = (User, Branch, Policy, DeviceClass, Device, Card, Patron)


def holds_nothing() -> bool:
    """Return whether nobody has set anything up or signed in yet."""
    return not any(model._default_manager.exists() for model in HELD)


def is_here() -> bool:
    """Return whether the demo library is here, also where somebody has added to it."""
    made_up = card_key(CARD_LIST[0].number)
    all_branches = Branch.objects.filter(slug__in=SLUGS).count() == len(SLUGS)
    return all_branches and Card.objects.filter(key=made_up).exists()


def holds_the_demo() -> bool:
    """Return whether all of the demo library is here, and nothing but it."""
    return is_here() and not strangers()


def strangers() -> list[str]:
    """Return the names of branches and accounts, or "library cards", that the demo did not make."""
    names = list(Branch.objects.exclude(slug__in=SLUGS).values_list("name", flat=True))
    names += User.objects.exclude(username__in=USERNAMES).values_list("username", flat=True)
    ours = [card_key(card.number) for card in CARD_LIST]
    if Card.objects.exclude(key__in=ours).exists():
        names.append("library cards")
    return names


@transaction.atomic
def clear() -> None:
    """Empty the tables of accounts, places and patrons and every table that refers to them; numbers begin at 1.

    The caller has made sure that the database holds the demo alone.
    """
    tables = [model._meta.db_table for model in HELD]
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
