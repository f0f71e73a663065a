"""Puts the demo library together, and says how to sign in to it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reservations.public import demo
from troubleshooting.demo.past import build_past
from troubleshooting.demo.present import build_faults, deliver_all, steps_of_today
from troubleshooting.demo.staffing import build_hours, build_one_to_ones
from troubleshooting.demo.steps import build_steps
from troubleshooting.guides.loading import load
from troubleshooting.models import Category, GuideStep, GuideVersion
from troubleshooting.search.vocabulary import learn_words


@transaction.atomic
def build(*, now: datetime) -> None:
    """Build the demo library in an empty database, as it is at `now`.

    Faults come before bookings, because nobody sat at a broken seat; the newest ones and the open questions come
    while the rooms fill, because they take bookings away and somebody sits where help is asked for.
    """
    load(Category, GuideVersion, GuideStep, now=now)  # building anew takes them away with whoever wrote them
    library = demo.build_places(now=now)
    demo.build_people(library, now=now)
    build_hours(library, now=now)
    build_faults(library, now=now)
    demo.build_past(library, now=now)
    demo.build_present(library, now=now, also=steps_of_today(library, now=now))
    deliver_all()
    build_past(library, now=now)
    build_steps(library, now=now)
    build_one_to_ones(library, now=now)
    learn_words()


@transaction.atomic
def rebuild(*, now: datetime) -> None:
    """Build the demo library anew over itself; the caller has made sure that nothing else is there."""
    demo.clear()
    build(now=now)


def sign_ins() -> str:
    """Return the posts, their passwords and screens, and three cards to try, as plain lines."""
    lines = [_("Sign in with the password %(password)s as") % {"password": demo.PASSWORD}]
    lines += [f"  {account.username:<24} {account.page}" for account in demo.ACCOUNTS]
    lines.append(_("Library cards for the kiosk, PIN %(pin)s:") % {"pin": demo.PIN})
    lines += [f"  {card.number:<24} {card.age_band}" for card in demo.CARD_LIST[: demo.SHOWN]]
    lines.append(_("Two more at Harbour, as they are when the demo begins while it is open:"))
    lines += [f"  {demo.CARD_LIST[which].number:<24} {does}" for which, does in _at_harbour()]
    lines.append(_("Pair a kiosk at /kiosk/pair/; the desk issues guest passes at /desk/."))
    return "\n".join(lines)


def _at_harbour() -> list[tuple[int, str]]:
    return [(demo.WAITS, _("waits in line")), (demo.SITS, _("sits at seat 1"))]
