"""The desk page: one view of a branch, live by polling, for those who work there."""

import re
from datetime import time
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from reservations.booking.change_week import change_week
from reservations.models import Call
from tests.factories import NOW, at, make_area, make_booking, make_branch, make_class, make_device, make_user
from tests.reservations.sitting import by_desk
from troubleshooting.lifecycle import log
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


def sign_in(client, role=Role.DESK, *branches):
    user = make_user(role, *branches)
    client.force_login(user)
    return user


def call_for_help(branch, device=None, text="it froze", now=NOW):
    by = staff(make_user(Role.DESK).pk, Role.DESK)
    return log(
        branch_id=branch.pk,
        text=text,
        channel="seat",
        tier=1,
        device_id=device.pk if device else None,
        request_key=uuid4(),
        by=by,
        now=now,
    )


def page(client, branch, **headers):
    return client.get(reverse("desk-branch", args=[branch.slug]), headers=headers)


def element(html, name):
    """Return the text of the element with id `name` up to its closing tag at the same indentation."""
    start = html.index(f'id="{name}"')
    return html[html.rindex("<", 0, start) :]


def test_the_page_shows_seats_machines_and_the_other_branches(client):
    branch, other = make_branch(name="Harbour"), make_branch(name="Millbrook")
    make_device(branch, label="7", area=make_area(branch))
    printer = make_class(kind="printer", bookable=False)
    make_device(branch, kind=printer, label="Printer 1")
    sign_in(client, Role.DESK, branch, other)
    html = page(client, branch).content.decode()
    for words in ("Window row", 'id="seat-7"', "Printer 1", "Millbrook", "Log a question", "Directions"):
        assert words in html
    assert 'aria-current="page"' in html


def test_the_first_branch_opens_without_a_name(client):
    branch = make_branch()
    sign_in(client, Role.DESK, branch)
    assert f"Room board, {branch.name}" in client.get(reverse("desk")).content.decode()


def test_a_branch_of_somebody_else_does_not_exist(client):
    sign_in(client, Role.DESK, make_branch())
    assert page(client, make_branch()).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.REFERENCE, 200), (Role.MANAGER, 200), (Role.TECH, 403)])
def test_desk_reference_and_managers_see_the_desk(client, role, status):
    branch = make_branch()
    sign_in(client, role, branch)
    assert page(client, branch).status_code == status


def test_the_page_has_no_question_for_someone_who_is_not_signed_in(client):
    assert page(client, make_branch()).status_code == 302


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_takes_ten_queries_however_full_the_room(client, django_assert_num_queries, many):
    branch = make_branch()
    user = sign_in(client, Role.DESK, branch)
    full_room(branch, many)
    make_user(Role.DESK, branch)
    page(client, branch)
    with django_assert_num_queries(10):
        page(client, branch)
    assert user.pk


@pytest.mark.parametrize("many", [1, 12])
def test_a_poll_of_the_board_takes_no_more_queries_than_the_page(client, django_assert_num_queries, many):
    branch = make_branch()
    sign_in(client, Role.DESK, branch)
    full_room(branch, many)
    with django_assert_num_queries(9):
        assert page(client, branch, **HTMX).status_code == 200


def full_room(branch, many):
    for _number in range(many):
        seat, other = make_device(branch), make_device(branch)
        make_booking(seat, at(14), at(15), checked_in_at=at(14))
        call_for_help(branch, seat)
        gone = make_booking(other, at(16), at(17), ended_at=at(14), outcome="displaced")
        Call.objects.create(booking=gone, made_at=at(14))


def test_a_poll_is_empty_until_something_changes(client, django_capture_on_commit_callbacks):
    branch = make_branch()
    seat = make_device(branch)
    sign_in(client, Role.DESK, branch)
    poll = re.search(r'hx-get="([^"]*live=[^"]*)"', page(client, branch).content.decode()).group(1)
    assert client.get(poll, headers=HTMX).status_code == 204
    with django_capture_on_commit_callbacks(execute=True):
        call_for_help(branch, seat)
    changed = client.get(poll, headers=HTMX)
    assert changed.status_code == 200
    assert "it froze" in changed.content.decode()


def test_the_fragment_is_the_board_of_the_page(client):
    branch = make_branch()
    make_device(branch)
    sign_in(client, Role.DESK, branch)
    full, fragment = page(client, branch).content.decode(), page(client, branch, **HTMX).content.decode()
    board = re.compile(r'<section class="zone".*?</section>', re.S)
    assert fragment.lstrip().startswith('<div class="room')
    assert board.findall(full) == board.findall(fragment)


def test_the_next_thing_is_the_help_call_that_waits_longest(client):
    branch = make_branch()
    seat = make_device(branch, label="7")
    make_booking(make_device(branch), at(14), at(15))
    call_for_help(branch, text="later", now=at(14, 6))
    call_for_help(branch, seat, now=at(14, 4))
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert "Asked for help 3 min ago. it froze" in html
    assert "Take it" in html


def test_without_help_calls_the_next_thing_is_somebody_to_tell(client):
    branch = make_branch()
    seat = make_device(branch, label="8")
    repair = make_booking(seat, at(14), None, kind="repair")
    gone = make_booking(seat, at(16), at(17), ended_at=at(14), outcome="displaced", displaced_by=repair)
    Call.objects.create(booking=gone, made_at=at(14))
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert f"Tell …{gone.patron.alias}" in html
    assert "Seat 8 at 16:00 is cancelled: out of service." in html


def test_who_lost_a_moved_booking_to_other_hours_is_told_of_the_hours(client):
    branch = make_branch()
    seat = make_device(branch, label="8")
    repair = make_booking(make_device(branch, label="9"), at(14), None, kind="repair")
    make_booking(seat, at(17), at(18), displaced_by=repair)
    week = {day: [(time(9), time(16))] for day in range(7)}
    change_week(branch_id=branch.pk, week=week, by=by_desk("manager"), now=at(14))
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert "Seat 8 at 17:00 is cancelled: the library is closed then." in html


def test_without_anyone_waiting_the_next_thing_is_a_check_in_that_is_due(client):
    branch = make_branch()
    make_booking(make_device(branch, label="5"), at(14), at(15))
    sign_in(client, Role.DESK, branch)
    assert "Check-in due by 14:10" in page(client, branch).content.decode()


def test_a_calm_branch_has_no_next_thing(client):
    branch = make_branch()
    make_device(branch)
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert '<div class="next" id="next" role="status"></div>' in html
    assert "Nobody waits for help." in html


def test_a_new_call_is_announced_and_counted_in_the_title(client):
    branch = make_branch()
    call_for_help(branch, make_device(branch, label="7"))
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert 'data-sound data-announce="Seat 7 asked for help."' in html
    assert 'data-badge="1"' in html


def test_a_call_of_another_branch_is_not_shown(client):
    branch, other = make_branch(), make_branch()
    call_for_help(other, text="elsewhere")
    sign_in(client, Role.DESK, branch, other)
    assert "elsewhere" not in page(client, branch).content.decode()


def test_words_of_patrons_are_shown_as_they_are_never_as_markup(client):
    branch = make_branch()
    call_for_help(branch, text="<script>alert(1)</script>")
    sign_in(client, Role.DESK, branch)
    html = page(client, branch).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_last_three_questions_say_where_they_went(client):
    branch = make_branch()
    user = sign_in(client, Role.DESK, branch)
    by = staff(user.pk, Role.DESK)
    for number, tier in enumerate([1, 1, 2, 3]):
        log(
            branch_id=branch.pk,
            text=f"question no. {number}",
            tier=tier,
            request_key=uuid4(),
            by=by,
            now=at(14, number),
        )
    html = page(client, branch).content.decode()
    recent = html[html.index("Just logged") :]
    assert "question no. 0" not in recent
    assert f"IT, fault {Ticket.objects.get(text='question no. 3').pk}" in recent
    assert recent.index("question no. 3") < recent.index("question no. 2") < recent.index("question no. 1")


def test_the_health_line_names_what_is_late(client):
    sign_in(client, Role.DESK, make_branch())
    assert "Last sweep of the outbox" in client.get(reverse("desk-health"), headers=HTMX).content.decode()


def test_a_page_never_changes_anything_by_get(client):
    branch = make_branch()
    sign_in(client, Role.DESK, branch)
    ticket = call_for_help(branch)
    urls = [
        reverse("desk-log", args=[branch.slug]),
        reverse("desk-tally", args=[branch.slug]),
        reverse("desk-tally-undo", args=[branch.slug]),
        *(reverse(name, args=[ticket.pk]) for name in ("desk-take", "desk-put-back", "desk-finish")),
    ]
    assert {client.get(url).status_code for url in urls} == {405}
