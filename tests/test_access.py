"""Every address is tried as anonymous, as a kiosk and as each staff role; the tables must name them all."""

from contextlib import contextmanager
from copy import copy
from datetime import time
from uuid import uuid4

import pytest
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from helpdesk.models import Role
from reservations.kiosk_request import KIOSK_COOKIE
from reservations.models import Block, BookingEvent, Call, CardImport, EarlyClosing, Turn, TurnEvent
from tests import factories as make
from tests.factories import at
from tests.troubleshooting.shifts import make_appointment
from troubleshooting.help_address import code_of

pytestmark = pytest.mark.django_db

DESK, REFERENCE, TECH, MANAGER = Role.DESK, Role.REFERENCE, Role.TECH, Role.MANAGER
AT_DESK, AT_REFERENCE, AT_IT = {DESK, REFERENCE, MANAGER}, {REFERENCE, MANAGER}, {TECH, MANAGER}
EVERYONE = set(Role)
TOKEN = "a token of a paired screen"
OPENED = {200, 204, 302, 303, 404, 409, 422}

# Who may open a staff address, and by which method it is tried.
STAFF = {
    "home": ("get", EVERYONE),
    "desk": ("get", AT_DESK),
    "desk-suggest": ("post", AT_DESK),
    "desk-health": ("get", EVERYONE),
    "desk-seat": ("get", AT_DESK),
    "desk-report": ("post", AT_DESK),
    "desk-report-preview": ("get", AT_DESK),
    "desk-tally-late": ("get", AT_DESK),
    "desk-tally-late-save": ("post", AT_DESK),
    "desk-seat-help": ("get", AT_DESK),
    "desk-seat-help-renew": ("post", AT_DESK),
    "desk-question": ("get", AT_DESK),
    "desk-take": ("post", AT_DESK),
    "desk-put-back": ("post", AT_DESK),
    "desk-keep-on": ("post", AT_DESK),
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
    "question-note": ("post", EVERYONE),
    "question-take-over": ("post", EVERYONE),
    "question-split": ("post", EVERYONE),
    "question-reopen": ("post", EVERYONE),
    "shift-end": ("get", EVERYONE),
    "shift-end-leave": ("post", EVERYONE),
    "question-here": ("get", EVERYONE),
    "bulk": ("post", EVERYONE),
    "bulk-undo": ("post", EVERYONE),
    "search": ("get", EVERYONE),
    "view-save": ("post", EVERYONE),
    "view-rename": ("post", EVERYONE),
    "view-delete": ("post", EVERYONE),
    "question-answer": ("post", EVERYONE),
    "guides": ("get", AT_DESK),
    "guide": ("get", AT_DESK),
    "guide-preview": ("get", AT_DESK),
    "guide-draft": ("post", AT_REFERENCE),
    "guide-drop": ("post", AT_REFERENCE),
    "guide-publish": ("post", AT_REFERENCE),
    "guide-step-new": ("get", AT_REFERENCE),
    "guide-step-add": ("post", AT_REFERENCE),
    "guide-step": ("get", AT_REFERENCE),
    "guide-step-save": ("post", AT_REFERENCE),
    "guide-step-move": ("post", AT_REFERENCE),
    "guide-step-remove": ("post", AT_REFERENCE),
    "sound": ("post", EVERYONE),
    "notices": ("get", EVERYONE),
    "appointment-new": ("get", AT_DESK),
    "appointment-book": ("post", AT_DESK),
    "appointment": ("get", AT_DESK),
    "appointment-move": ("get", AT_DESK),
    "appointment-moved": ("post", AT_DESK),
    "appointment-cancel": ("post", AT_DESK),
    "appointment-here": ("post", AT_REFERENCE),
    "appointment-not-come": ("post", AT_REFERENCE),
    "appointment-record": ("get", AT_REFERENCE),
    "appointment-held": ("post", AT_REFERENCE),
    "reference-beside": ("get", AT_REFERENCE),
    "staff-hours": ("get", EVERYONE),
    "staff-person": ("get", EVERYONE),
    "staff-week-save": ("post", {MANAGER}),
    "absence-add": ("post", EVERYONE),
    "absence-remove": ("post", EVERYONE),
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
    "booking-move": ("post", AT_DESK),
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
    "call": ("get", AT_DESK),
    "call-instead": ("post", AT_DESK),
    "call-back": ("post", AT_DESK),
    "call-done": ("post", AT_DESK),
    "call-undo": ("post", AT_DESK),
    "seat-lacks": ("post", AT_DESK),
    "seat-expected": ("post", AT_DESK),
    "guest-pass": ("post", AT_DESK),
    "kiosk-pair": ("get", AT_DESK),
    "blocks": ("get", AT_DESK),
    "blocks-branch": ("get", AT_DESK),
    "block": ("get", AT_DESK),
    "block-new": ("get", AT_DESK),
    "block-plan": ("post", AT_DESK),
    "block-change": ("get", AT_DESK),
    "block-change-plan": ("post", AT_DESK),
    "block-leave-out": ("post", AT_DESK),
    "block-bring-back": ("post", AT_DESK),
    "block-call-off": ("post", AT_DESK),
    "close-early": ("get", AT_DESK),
    "close-early-plan": ("post", AT_DESK),
    "close-early-undo": ("post", AT_DESK),
    "special-hours": ("get", {MANAGER}),
    "special-plan": ("post", {MANAGER}),
    "special-remove": ("post", {MANAGER}),
    "special-file": ("post", {MANAGER}),
    "special-import": ("post", {MANAGER}),
    "set-up": ("get", {MANAGER}),
    "branches": ("get", {MANAGER}),
    "branch-new": ("get", {MANAGER}),
    "branch-add": ("post", {MANAGER}),
    "branch": ("get", {MANAGER}),
    "branch-save": ("post", {MANAGER}),
    "branch-up": ("post", {MANAGER}),
    "branch-remove": ("post", {MANAGER}),
    "weeks": ("get", {MANAGER}),
    "week": ("get", {MANAGER}),
    "week-plan": ("post", {MANAGER}),
    "kiosks": ("get", {MANAGER}),
    "screen": ("get", {MANAGER}),
    "screen-save": ("post", {MANAGER}),
    "screen-revoke": ("post", {MANAGER}),
    "policies": ("get", {MANAGER}),
    "policy": ("get", {MANAGER}),
    "policy-new": ("get", {MANAGER}),
    "policy-add": ("post", {MANAGER}),
    "policy-save": ("post", {MANAGER}),
    "policy-remove": ("post", {MANAGER}),
    "cards": ("get", {MANAGER}),
    "card-upload": ("post", {MANAGER}),
    "card-import": ("get", {MANAGER}),
    "card-import-begin": ("post", {MANAGER}),
    "card-import-drop": ("post", {MANAGER}),
    "card-import-report": ("get", {MANAGER}),
    "lookups": ("get", {MANAGER}),
    "carry": ("get", {MANAGER}),
    "carry-out": ("get", {MANAGER}),
    "carry-look": ("post", {MANAGER}),
    "carry-in": ("post", {MANAGER}),
    "rooms": ("get", {MANAGER}),
    "room": ("get", {MANAGER}),
    "room-move": ("post", {MANAGER}),
    "area-add": ("post", {MANAGER}),
    "area-change": ("post", {MANAGER}),
    "area-remove": ("post", {MANAGER}),
    "classes": ("get", {MANAGER}),
    "class-add": ("post", {MANAGER}),
    "class": ("get", {MANAGER}),
    "class-save": ("post", {MANAGER}),
    "class-remove": ("post", {MANAGER}),
    "devices": ("get", {MANAGER}),
    "devices-branch": ("get", {MANAGER}),
    "device-new": ("get", {MANAGER}),
    "device-add": ("post", {MANAGER}),
    "device": ("get", {MANAGER}),
    "device-save": ("post", {MANAGER}),
    "device-move": ("post", {MANAGER}),
    "device-retire": ("get", {MANAGER}),
    "device-retired": ("post", {MANAGER}),
    "device-return": ("post", {MANAGER}),
    "device-file": ("get", {MANAGER}),
    "device-file-read": ("post", {MANAGER}),
    "device-file-save": ("post", {MANAGER}),
    "device-file-csv": ("get", {MANAGER}),
    "card-desk": ("get", AT_DESK),
    "card": ("get", AT_DESK),
    "card-find": ("post", AT_DESK),
    "card-shown": ("get", AT_DESK),
    "card-block": ("post", AT_DESK),
    "card-lift": ("post", AT_DESK),
    "passes": ("get", AT_DESK),
    "passes-issue": ("post", AT_DESK),
    "pass-revoke": ("post", AT_DESK),
    "booking-with": ("get", AT_DESK),
    "booking-with-book": ("post", AT_DESK),
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
    "kiosk-move": "post",
    "kiosk-instead": "post",
    "kiosk-back": "post",
    "kiosk-line": "post",
    "kiosk-turn": "get",
    "kiosk-turn-claim": "post",
    "kiosk-turn-leave": "post",
    "kiosk-turn-rejoin": "post",
    "kiosk-with": "get",
    "kiosk-guest": "post",
    "kiosk-settings": "post",
    "kiosk-leave": "post",
    "kiosk-librarian": "get",
    "kiosk-librarian-times": "get",
    "kiosk-librarian-book": "post",
    "kiosk-librarian-booked": "get",
    "kiosk-librarian-cancel": "post",
    "kiosk-help": "get",
    "kiosk-help-coming": "get",
    "kiosk-help-withdraw": "post",
    "kiosk-help-try": "get",
    "kiosk-help-solved": "post",
    "kiosk-help-where": "get",
}
# Opened by whoever has the signed address of a seat, whoever they are.
SEAT = {"seat-help": "get", "seat-help-try": "post", "seat-help-coming": "post"}
PUBLIC = {"sign-in", "sign-out", "healthz", "readyz", "favicon", "wall"}


def patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


ENTRIES = {entry.name: entry for entry in patterns(get_resolver())}


@contextmanager
def undone():
    """Take back what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def branch(django_db_setup, django_db_blocker):
    """The branch of all these tests, which leave no row behind."""
    with django_db_blocker.unblock(), undone():
        yield make.make_branch(slug="harbour")


@pytest.fixture(scope="module")
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
    pks |= {"seat": seat.pk, "desk-report-preview": seat.pk}
    pks |= {"desk-seat-help": seat.pk, "desk-seat-help-renew": seat.pk}
    pks |= {
        "policy": branch.policy_id,
        "device": seat.pk,
        "class": seat.device_class_id,
        "area": make.make_area(branch).pk,
    }
    block = Block.objects.create(
        branch=branch, title="Class", first_on=at(12).date(), starts=time(10), ends=time(11), made_at=at(14)
    )
    closing = EarlyClosing.objects.create(
        branch=branch,
        on=at(12).date(),
        closes_at=time(15),
        reason="Storm",
        at=at(14),
        changed={"rows": {}, "turns": []},
    )
    pks |= {"block": block.pk, "close": closing.pk}
    pks |= {"appointment": make_appointment(make.make_user(REFERENCE, branch), branch, at(15)).pk}
    read = CardImport.objects.create(digest="0", made_at=at(14), moved_at=at(14))
    pks |= {name: read.pk for name in ENTRIES if name.startswith("card-import")}
    pks |= {"branch": branch.pk, "screen": make.make_kiosk(branch, "a second screen").pk}
    printing = make.make_category("printing")
    draft = make.make_guide(printing, published_at=None, is_live=False)
    pks |= {"guide": draft.steps.first().pk}
    pks |= {"turn": turn.pk, "booking-undo": done.pk, "turn-undo": skipped.pk}

    def build(name):
        entry = ENTRIES[name]
        values = {}
        for part in entry.pattern.converters:
            pk = pks.get(name) or pks.get(name.split("-")[0]) or ticket.pk
            values[part] = {"pk": pk, "key": uuid4(), "code": code_of(seat.pk, 0)}.get(
                part, "printing" if "help" in name or "guide" in name else branch.slug
            )
        return reverse(name, kwargs=values)

    return build


@pytest.fixture(scope="module")
def visitors(branch):
    """Return a client for each role with a post at the branch, for nobody, and for a paired screen."""
    clients = {"anonymous": Client(), "screen": Client()}
    for role in Role:
        clients[role] = signed_in(role, branch)
    make.make_kiosk(branch, TOKEN)
    signer = signing.get_cookie_signer(salt=KIOSK_COOKIE * 2)
    clients["screen"].cookies[KIOSK_COOKIE] = signer.sign(TOKEN)
    return clients


def signed_in(role, branch):
    client = Client()
    client.force_login(make.make_user(role, branch))
    return client


def answer_to(client, method, path):
    """Return the answer to one visit, whose writes are taken back and which leaves the client as it was."""
    cookies = copy(client.cookies)
    with undone():
        answer = getattr(client, method)(path)
    client.cookies = cookies
    return answer


def visit(client, method, path):
    return answer_to(client, method, path).status_code


def is_sign_in(answer):
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("sign-in"))


def test_the_tables_name_every_address():
    assert set(STAFF) | set(KIOSK) | set(SEAT) | PUBLIC == set(ENTRIES)


@pytest.mark.parametrize("who", ["anonymous", "screen"])
def test_who_is_no_member_of_staff_is_led_to_the_sign_in(visitors, address, who):
    answers = {name: answer_to(visitors[who], method, address(name)) for name, (method, _roles) in STAFF.items()}
    assert [name for name, answer in answers.items() if not is_sign_in(answer)] == []


@pytest.mark.parametrize("name", sorted(STAFF))
def test_a_role_opens_its_own_screens_and_no_others(visitors, address, name):
    method, roles = STAFF[name]
    statuses = {role.value: visit(visitors[role], method, address(name)) for role in Role}
    allowed = {role: status for role, status in statuses.items() if role in roles}
    assert {role: status for role, status in allowed.items() if status not in OPENED} == {}
    assert statuses == allowed | {role.value: 403 for role in Role if role not in roles}


def test_the_other_method_is_refused(visitors, address):
    tried = [(name, "delete") for name in STAFF]
    tried += [(name, "get") for name, (method, _roles) in STAFF.items() if method == "post"]
    statuses = {(name, method): visit(visitors[MANAGER], method, address(name)) for name, method in tried}
    assert {case: status for case, status in statuses.items() if status != 405} == {}


@pytest.mark.parametrize("name", sorted(KIOSK))
def test_a_paired_screen_and_nobody_else_opens_a_kiosk_page(visitors, address, name):
    statuses = {str(who): visit(client, KIOSK[name], address(name)) for who, client in visitors.items()}
    assert statuses.pop("screen") in {200, 303, 404, 422}
    assert statuses == dict.fromkeys(["anonymous", *map(str, Role)], 403)


@pytest.mark.parametrize("name", sorted(SEAT))
def test_a_seats_help_page_is_the_same_for_everybody_and_for_nobody_without_its_code(visitors, address, name):
    path = address(name)
    forged = path.replace(path.split("/")[2], "1-00000-00000")
    statuses = [visit(client, SEAT[name], path) for client in visitors.values()]
    assert set(statuses) <= ({404} if name == "seat-help-coming" else {200, 422})
    assert len(set(statuses)) == 1
    assert {visit(client, SEAT[name], forged) for client in visitors.values()} == {404}


EVERY_BRANCH = {
    "home",
    "desk",
    "reference",
    "it",
    "notices",
    "notices-read",
    "staff-hours",
    "shift-end",
    "sound",
    "desk-health",
    "desk-suggest",
    "bulk",
    "bulk-undo",
    "search",
    "view-save",
    "kiosk-pair",
    "blocks",
    "card-desk",
    *(name for name in STAFF if name.startswith("guide")),
}
ONE_BRANCH = [name for name in sorted(STAFF) if name not in EVERY_BRANCH and STAFF[name][1] & {DESK, REFERENCE}]


def test_staff_of_another_branch_find_nothing_there(address):
    other = make.make_branch()
    strangers = {role: signed_in(role, other) for role in (DESK, REFERENCE)}
    statuses = {}
    for name in ONE_BRANCH:
        method, roles = STAFF[name]
        statuses[name] = visit(strangers[DESK if DESK in roles else REFERENCE], method, address(name))
    assert {name: status for name, status in statuses.items() if status != 404} == {}
