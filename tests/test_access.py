"""Every address is tried as anonymous, as a kiosk and as each staff role; the tables must name them all."""

from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from helpdesk.models import Role
from reservations.kiosk_request import KIOSK_COOKIE
from reservations.models import BookingEvent, Call, Turn, TurnEvent
from tests import factories as make
from tests.factories import at

pytestmark = pytest.mark.django_db

DESK, REFERENCE, TECH, MANAGER = Role.DESK, Role.REFERENCE, Role.TECH, Role.MANAGER
AT_DESK, AT_REFERENCE, AT_IT = {DESK, REFERENCE, MANAGER}, {REFERENCE, MANAGER}, {TECH, MANAGER}
EVERYONE = set(Role)
TOKEN = "a token of a paired screen"

# Who may open a staff address, and by which method it is tried.
STAFF = {
    "home": ("get", EVERYONE),
    "desk": ("get", AT_DESK),
    "desk-suggest": ("get", AT_DESK),
    "desk-health": ("get", EVERYONE),
    "desk-seat": ("get", AT_DESK),
    "desk-report": ("post", AT_DESK),
    "desk-question": ("get", AT_DESK),
    "desk-take": ("post", AT_DESK),
    "desk-put-back": ("post", AT_DESK),
    "desk-finish": ("post", AT_DESK),
    "desk-branch": ("get", AT_DESK),
    "desk-log": ("post", AT_DESK),
    "desk-tally": ("post", AT_DESK),
    "desk-tally-undo": ("post", AT_DESK),
    "reference": ("get", AT_REFERENCE),
    "reference-branch": ("get", AT_REFERENCE),
    "reference-take": ("post", AT_REFERENCE),
    "reference-put-back": ("post", AT_REFERENCE),
    "reference-done": ("post", AT_REFERENCE),
    "reference-to-it": ("post", AT_REFERENCE),
    "it": ("get", AT_IT),
    "it-fault": ("get", AT_IT),
    "it-take": ("post", AT_IT),
    "it-put-back": ("post", AT_IT),
    "it-fixed": ("post", AT_IT),
    "it-send-back": ("post", AT_IT),
    "question": ("get", EVERYONE),
    "question-reopen": ("post", EVERYONE),
    "sound": ("post", EVERYONE),
    "notices": ("get", EVERYONE),
    "notices-read": ("post", EVERYONE),
    "letter-retry": ("post", AT_IT),
    "letter-dismiss": ("post", AT_IT),
    "booking-story": ("get", AT_DESK),
    "booking-check-in": ("post", AT_DESK),
    "booking-finish": ("post", AT_DESK),
    "booking-cancel": ("post", AT_DESK),
    "booking-extend": ("post", AT_DESK),
    "booking-land": ("post", AT_DESK),
    "booking-resume": ("post", AT_DESK),
    "booking-help-begin": ("post", AT_DESK),
    "booking-help-end": ("post", AT_DESK),
    "booking-undo": ("post", AT_DESK),
    "turn": ("get", AT_DESK),
    "turn-call": ("post", AT_DESK),
    "turn-skip": ("post", AT_DESK),
    "turn-seat": ("post", AT_DESK),
    "turn-change": ("post", AT_DESK),
    "turn-remove": ("post", AT_DESK),
    "turn-rejoin": ("post", AT_DESK),
    "turn-undo": ("post", AT_DESK),
    "book-for": ("get", AT_DESK),
    "book-for-somebody": ("post", AT_DESK),
    "call-done": ("post", AT_DESK),
    "call-undo": ("post", AT_DESK),
    "guest-pass": ("post", AT_DESK),
    "kiosk-pair": ("get", AT_DESK),
    "policies": ("get", {MANAGER}),
    "policy": ("get", {MANAGER}),
    "policy-new": ("get", {MANAGER}),
    "policy-add": ("post", {MANAGER}),
    "policy-save": ("post", {MANAGER}),
    "policy-remove": ("post", {MANAGER}),
}
# Opened by a paired screen only, whoever is signed in there as staff.
KIOSK = {
    "kiosk": "get",
    "kiosk-sign-in": "get",
    "kiosk-now": "get",
    "kiosk-times": "get",
    "kiosk-book": "post",
    "kiosk-booked": "get",
    "kiosk-mine": "get",
    "kiosk-cancel": "post",
    "kiosk-check-in": "post",
    "kiosk-finish": "post",
    "kiosk-extend": "post",
    "kiosk-land": "post",
    "kiosk-resume": "post",
    "kiosk-line": "post",
    "kiosk-turn": "get",
    "kiosk-turn-claim": "post",
    "kiosk-turn-leave": "post",
    "kiosk-turn-rejoin": "post",
    "kiosk-settings": "post",
    "kiosk-leave": "post",
    "kiosk-help": "get",
    "kiosk-help-coming": "get",
    "kiosk-help-withdraw": "post",
    "kiosk-help-try": "get",
    "kiosk-help-solved": "post",
    "kiosk-help-where": "get",
}
PUBLIC = {"sign-in", "sign-out", "healthz", "readyz", "favicon", "wall"}


def patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


NAMES = {entry.name for entry in patterns(get_resolver())}


@pytest.fixture
def branch():
    return make.make_branch(slug="harbour")


@pytest.fixture
def address(branch):
    """Return a function from a name to an address with ids that exist."""
    seat = make.make_device(branch)
    booking = make.make_booking(seat, at(15), at(16))
    ticket = make.make_ticket(branch, tier=3, device=seat)
    letter = make.make_notification(make.make_handoff(ticket), make.make_user("tech"))
    turn = Turn.objects.create(
        branch=branch,
        on=at(14).date(),
        number="D41",
        patron=make.make_patron(),
        minutes=60,
        joined_at=at(14),
        place_at=at(14),
    )
    done = BookingEvent.objects.create(booking=booking, at=at(14), what="booked", by_kind="staff")
    skipped = TurnEvent.objects.create(turn=turn, at=at(14), what="skipped", by_kind="staff")
    call = Call.objects.create(booking=booking, made_at=at(14))
    pks = {"booking": booking.pk, "call": call.pk, "letter": letter.pk, "desk-seat": seat.pk, "desk-report": seat.pk}
    pks |= {"policy": branch.policy_id}
    pks |= {"turn": turn.pk, "booking-undo": done.pk, "turn-undo": skipped.pk}

    def build(name):
        entry = next(entry for entry in patterns(get_resolver()) if entry.name == name)
        values = {}
        for part in entry.pattern.converters:
            pk = pks.get(name) or pks.get(name.split("-")[0]) or ticket.pk
            values[part] = {"pk": pk, "key": uuid4()}.get(part, "printing" if "help" in name else branch.slug)
        return reverse(name, kwargs=values)

    return build


def visit(client, method, path):
    return getattr(client, method)(path).status_code


def is_sign_in(answer):
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("sign-in"))


def test_the_tables_name_every_address():
    assert set(STAFF) | set(KIOSK) | PUBLIC == NAMES


@pytest.mark.parametrize("name", sorted(STAFF))
def test_an_anonymous_visitor_is_led_to_the_sign_in(client, address, name):
    assert is_sign_in(getattr(client, STAFF[name][0])(address(name)))


@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("name", sorted(STAFF))
def test_a_role_opens_its_own_screens_and_no_others(client, branch, address, name, role):
    method, roles = STAFF[name]
    client.force_login(make.make_user(role, branch))
    status = visit(client, method, address(name))
    if role in roles:
        assert status in {200, 204, 302, 303, 404, 409, 422}
    else:
        assert status == 403


@pytest.mark.parametrize("name", sorted(STAFF))
def test_the_other_method_is_refused(client, branch, address, name):
    method, _roles = STAFF[name]
    client.force_login(make.make_user(MANAGER, branch))
    if method == "post":
        assert visit(client, "get", address(name)) == 405
    assert visit(client, "delete", address(name)) == 405


def paired(branch):
    make.make_kiosk(branch, TOKEN)
    client = Client()
    client.cookies[KIOSK_COOKIE] = signing.get_cookie_signer(salt=KIOSK_COOKIE * 2).sign(TOKEN)
    return client


@pytest.mark.parametrize("name", sorted(KIOSK))
def test_a_paired_screen_opens_the_kiosk_pages(branch, address, name):
    assert visit(paired(branch), KIOSK[name], address(name)) in {200, 303, 404, 422}


@pytest.mark.parametrize("who", ["anonymous", *sorted(Role)])
@pytest.mark.parametrize("name", sorted(KIOSK))
def test_nobody_opens_a_kiosk_page_without_a_paired_screen(client, branch, address, name, who):
    if who != "anonymous":
        client.force_login(make.make_user(who, branch))
    assert visit(client, KIOSK[name], address(name)) == 403


@pytest.mark.parametrize("name", sorted(STAFF))
def test_a_paired_screen_is_no_member_of_staff(branch, address, name):
    answer = getattr(paired(branch), STAFF[name][0])(address(name))
    assert is_sign_in(answer)


EVERY_BRANCH = {
    "home",
    "desk",
    "reference",
    "it",
    "notices",
    "notices-read",
    "sound",
    "desk-health",
    "desk-suggest",
    "kiosk-pair",
}
ONE_BRANCH = [name for name in sorted(STAFF) if name not in EVERY_BRANCH and STAFF[name][1] & {DESK, REFERENCE}]


@pytest.mark.parametrize("name", ONE_BRANCH)
def test_staff_of_another_branch_find_nothing_there(client, address, name):
    method, roles = STAFF[name]
    role = DESK if DESK in roles else REFERENCE
    client.force_login(make.make_user(role, make.make_branch()))
    assert visit(client, method, address(name)) == 404
