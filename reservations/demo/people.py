"""The demo's posts and library cards: no invented people, only desks, queues and numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from helpdesk.models import Role, User
from reservations.demo.library import Library
from reservations.demo.rooms import ROOMS
from reservations.models import AgeBand, Card, Patron, StaffPost
from reservations.patrons.keys import card_key, hash_pin

PASSWORD = "northlight-demo"  # noqa: S105  (printed at the end of `make run`)
PIN = "2468"
CARDS = 90
SITTERS = 30
SHOWN = 3  # the first cards have no bookings: they are the ones to try
WAITS, SITS = 3, 4  # the next two are shown too: one waits in line, one sits, both at Harbour
WAITERS = 5  # the cards after them stand in the same line


@dataclass(frozen=True)
class Account:
    """A post: its user name, role, the screen it opens, its branch ("" for all)."""

    username: str
    role: str
    page: str
    branch: str = ""


ACCOUNTS: tuple[Account, ...] = (
    *(Account(f"desk-{room.slug}", Role.DESK, "/desk/", room.slug) for room in ROOMS),
    *(Account(f"reference-{room.slug}", Role.REFERENCE, "/reference/", room.slug) for room in ROOMS),
    Account("it", Role.TECH, "/it/"),
    Account("manager", Role.MANAGER, "/admin/"),
)
USERNAMES = frozenset(account.username for account in ACCOUNTS)


@dataclass(frozen=True)
class DemoCard:
    """A made-up card; real numbers do not begin like this."""

    number: str
    age_band: str


def _band(index: int) -> str:
    """Return adult, teen, child for the cards shown, then two of three adults."""
    first = (AgeBand.ADULT, AgeBand.TEEN, AgeBand.CHILD)
    if index < SHOWN:
        return first[index].value
    return (AgeBand.CHILD if index % 6 == 0 else AgeBand.TEEN if index % 6 == 3 else AgeBand.ADULT).value


CARD_LIST: tuple[DemoCard, ...] = tuple(
    DemoCard(f"2999{1100 + 17 * index:010d}", _band(index)) for index in range(CARDS)
)


def build_people(library: Library, *, now: datetime) -> None:
    """Make the posts, all with one password hash, and the cards with the patrons who have come with them."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(_user(account, password, now) for account in ACCOUNTS)
    library.staff = {user.username: user for user in users}
    StaffPost.objects.bulk_create(
        StaffPost(user=library.staff[account.username], branch=library.branches[account.branch])
        for account in ACCOUNTS
        if account.branch
    )
    waits, library.regular, *patrons = _patrons(now)
    library.waiters, rest = patrons[:WAITERS], patrons[WAITERS:]
    library.waiters.insert(-1, waits)
    library.sitters, library.bookers = rest[:SITTERS], rest[SITTERS:]


def _patrons(now: datetime) -> list[Patron]:
    """Make the cards; return the patrons of all but the first ones, which nobody has used yet."""
    valid_until = timezone.localtime(now).date() + timedelta(days=365)
    cards = Card.objects.bulk_create(
        Card(
            key=card_key(card.number),
            pin_hash=hash_pin(PIN),
            alias=card.number[-3:],
            age_band=card.age_band,
            band_until=valid_until,
        )
        for card in CARD_LIST
    )
    return Patron.objects.bulk_create(
        Patron(key=card.key, alias=card.alias, age_band=card.age_band, band_until=valid_until, seen_at=now)
        for card in cards[SHOWN:]
    )


def _user(account: Account, password: str, now: datetime) -> User:
    return User(
        username=account.username,
        email=f"{account.username}@example.org",
        password=password,
        role=account.role,
        date_joined=now,
    )
