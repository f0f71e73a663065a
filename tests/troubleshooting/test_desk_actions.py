"""What the desk does: log, take, finish, pass on, tally; refused in words, kept from others."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import patron, staff
from helpdesk.models import Role
from reservations.models import Booking
from tests.factories import NOW, at, make_booking, make_branch, make_device, make_user
from troubleshooting.lifecycle import claim, log, send_back
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HUGE = 10**25


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def user(client, branch):
    member = make_user(Role.DESK, branch)
    client.force_login(member)
    return member


def ask(client, branch, headers=HTMX, **fields):
    data = {"text": "where is the toilet", "do": "save", "request_key": str(uuid4()), **fields}
    return client.post(reverse("desk-log", args=[branch.slug]), data, headers=headers)


def help_call(branch, device=None, **fields):
    device_id = device.pk if device else None
    words = {"text": "it froze", "channel": "seat", "tier": 1, **fields}
    return log(branch_id=branch.pk, device_id=device_id, request_key=uuid4(), by=patron(), now=at(14, 5), **words)


@pytest.mark.usefixtures("user")
def test_a_fixed_question_is_saved_as_done(client, branch):
    answer = ask(client, branch, category="directional")
    ticket = Ticket.objects.get()
    assert (answer.status_code, ticket.state, ticket.text) == (200, "done", "where is the toilet")
    assert f"Question {ticket.pk} is saved." in answer.content.decode()


@pytest.mark.usefixtures("user")
def test_saving_brings_an_empty_form_and_the_board(client, branch):
    html = ask(client, branch).content.decode()
    assert html.lstrip().startswith('<form class="ask')
    assert "where is the toilet</textarea>" not in html
    for part in ("board", "next", "line", "recent", "tally", "branches"):
        assert html.count(f'id="{part}"') - (part == "recent") == 1, part


@pytest.mark.usefixtures("user")
def test_without_scripts_saving_leads_back_to_the_desk(client, branch):
    answer = ask(client, branch, headers={})
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk-branch", args=[branch.slug]))


@pytest.mark.usefixtures("user")
def test_a_hardware_fault_takes_the_seat_out_and_counts_whom_to_tell(client, branch):
    seat = make_device(branch, label="8")
    make_booking(seat, at(15), at(16))
    make_booking(seat, at(16), at(17))
    html = ask(client, branch, do="it", category="pc_power", device=seat.pk).content.decode()
    fault = Ticket.objects.get()
    assert f"Fault {fault.pk} is with IT. Seat 8 is out of service. 2 people to tell." in html
    assert 'id="seat-8" data-state="out"' in html
    assert Booking.objects.get(kind="repair").device == seat


@pytest.mark.usefixtures("user")
def test_a_hardware_fault_without_a_seat_says_that_nothing_went_out(client, branch):
    assert "nothing went out of service" in ask(client, branch, do="it", category="pc_power").content.decode()


@pytest.mark.usefixtures("user")
def test_a_question_for_reference_lands_there(client, branch):
    html = ask(client, branch, do="reference", category="research").content.decode()
    assert Ticket.objects.get().tier == 2
    assert "is with reference." in html


@pytest.mark.usefixtures("user")
def test_a_double_click_logs_one_question(client, branch):
    key = str(uuid4())
    first, second = ask(client, branch, request_key=key), ask(client, branch, request_key=key)
    assert (first.status_code, second.status_code, Ticket.objects.count()) == (200, 200, 1)


@pytest.mark.usefixtures("user")
def test_a_used_form_with_other_words_is_refused_and_can_be_saved_again(client, branch):
    key = str(uuid4())
    ask(client, branch, request_key=key)
    second = ask(client, branch, request_key=key, text="another question")
    html = second.content.decode()
    assert (second.status_code, Ticket.objects.count()) == (422, 1)
    assert "This form has already saved question" in html
    assert "another question</textarea>" in html
    assert key not in html
    fresh = re.search(r'name="request_key" value="([^"]+)"', html)[1]
    assert ask(client, branch, request_key=fresh, text="another question").status_code == 200
    assert Ticket.objects.count() == 2


@pytest.mark.usefixtures("user")
def test_a_second_fault_of_a_seat_tells_nobody_twice(client, branch, monkeypatch):
    seat = make_device(branch, label="8")
    make_booking(seat, at(15), at(16))
    ask(client, branch, do="it", category="pc_power", device=seat.pk)
    monkeypatch.setattr("helpdesk.clock.now", lambda: at(14, 20))
    html = ask(client, branch, do="it", category="pc_power", device=seat.pk, text="and it smokes").content.decode()
    assert "Seat 8 is out of service." in html
    assert "Seat 8 is out of service. 1 person" not in html


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Say in a few words what they need"),
        ({"text": "x" * 10_000}, "The text has 10000 characters. 2000 fit"),
        ({"text": "a\x00b"}, "characters that cannot be kept"),
        ({"device": "999999"}, "This branch has no such seat or machine."),
        ({"device": "seat"}, "This branch has no such seat or machine."),
        ({"device": str(HUGE)}, "This branch has no such seat or machine."),
        ({"category": "no-such"}, "There is no such kind of question."),
        ({"do": "dance"}, "Choose one of the buttons"),
        ({"scope": "zzz"}, "Choose one of the shown."),
        ({"text": "\u200b\u200d"}, "Say in a few words what they need"),
        ({"request_key": "1"}, "Open this page again"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_kept(client, branch, fields, sentence):
    answer = ask(client, branch, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("user")
def test_a_refused_form_keeps_the_words(client, branch):
    html = ask(client, branch, text="<b>screen</b> black", category="no-such").content.decode()
    assert html.lstrip().startswith('<form class="ask')
    assert "&lt;b&gt;screen&lt;/b&gt; black</textarea>" in html


@pytest.mark.usefixtures("user")
def test_a_device_of_another_branch_is_no_device_here(client, branch):
    assert ask(client, branch, device=make_device(make_branch()).pk, do="it", category="pc_power").status_code == 422
    assert not Booking.objects.exists()


def test_taking_a_call_makes_it_mine(client, branch, user):
    ticket = help_call(branch, make_device(branch, label="7"))
    html = client.post(reverse("desk-take", args=[ticket.pk]), headers=HTMX).content.decode()
    ticket.refresh_from_db()
    assert ticket.owner == user
    assert "Seat 7 is yours now." in html


@pytest.mark.usefixtures("user")
def test_whoever_comes_second_is_told_who_has_the_call(client, branch):
    ticket = help_call(branch)
    other = make_user(Role.DESK, branch)
    claim(ticket_id=ticket.pk, by=staff(other.pk, Role.DESK), now=at(14, 6))
    answer = client.post(reverse("desk-take", args=[ticket.pk]), headers=HTMX)
    assert answer.status_code == 422
    assert f"{other.username} has it already." in answer.content.decode()


@pytest.mark.usefixtures("user")
def test_a_taken_call_can_be_put_back(client, branch):
    ticket = help_call(branch)
    client.post(reverse("desk-take", args=[ticket.pk]), headers=HTMX)
    client.post(reverse("desk-put-back", args=[ticket.pk]), headers=HTMX)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner) == ("waiting", None)


@pytest.mark.usefixtures("user")
def test_done_finishes_a_call_with_one_tap(client, branch):
    ticket = help_call(branch)
    answer = client.post(reverse("desk-finish", args=[ticket.pk]), {"do": "save", "version": 0}, headers=HTMX)
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state) == (200, "done")


@pytest.mark.usefixtures("user")
def test_a_fault_sent_back_is_in_the_desks_list_with_the_reason(client, branch):
    fault = help_call(branch, tier=3, category="pc_power")
    send_back(ticket_id=fault.pk, note="Only the plug, please push it in", by=staff(None, "tech"), now=NOW)
    html = client.get(reverse("desk")).content.decode()
    assert f'id="call-{fault.pk}"' in html
    assert "Came back: Only the plug, please push it in" in html


@pytest.mark.usefixtures("user")
def test_a_call_passed_to_it_takes_the_seat_along(client, branch):
    seat = make_device(branch)
    ticket = help_call(branch)
    data = {"do": "it", "text": "no light", "category": "pc_power", "device": seat.pk, "version": ticket.version}
    assert client.post(reverse("desk-finish", args=[ticket.pk]), data).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.holds_device, ticket.device) == (3, True, seat)


@pytest.mark.usefixtures("user")
def test_an_old_page_cannot_decide_on_a_call(client, branch):
    ticket = help_call(branch)
    data = {"do": "reference", "text": "kept words", "version": ticket.version + 1}
    answer = client.post(reverse("desk-finish", args=[ticket.pk]), data)
    assert answer.status_code == 422
    assert "Someone changed this question meanwhile." in answer.content.decode()
    assert "kept words</textarea>" in answer.content.decode()


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("version", [None, "", "zzz"])
def test_a_page_without_a_version_is_an_old_one(client, branch, version):
    ticket = help_call(branch)
    data = {"do": "save"} if version is None else {"do": "save", "version": version}
    answer = client.post(reverse("desk-finish", args=[ticket.pk]), data)
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state) == (422, "waiting")


@pytest.mark.usefixtures("user")
def test_the_same_button_twice_gets_the_first_result(client, branch):
    ticket = help_call(branch)
    data = {"do": "reference", "text": "why", "version": 0}
    answers = [client.post(reverse("desk-finish", args=[ticket.pk]), data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ticket.events.filter(what="handed_over").count() == 1


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("button", ["it", "reference"])
def test_another_button_on_a_finished_question_is_a_sentence_with_the_words_kept(client, branch, button):
    ticket = help_call(branch)
    client.post(reverse("desk-finish", args=[ticket.pk]), {"do": "save", "version": 0})
    answer = client.post(reverse("desk-finish", args=[ticket.pk]), {"do": button, "text": "my words", "version": 0})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"Question {ticket.pk} is already done." in html
    assert "my words</textarea>" in html


@pytest.mark.usefixtures("user")
def test_a_fault_at_it_is_not_finished_at_the_desk(client, branch):
    fault = help_call(branch, tier=3, category="pc_power")
    answer = client.post(reverse("desk-finish", args=[fault.pk]), {"do": "save"}, headers=HTMX)
    fault.refresh_from_db()
    assert (answer.status_code, fault.state) == (422, "waiting")
    assert "This question is with IT now." in answer.content.decode()


@pytest.mark.usefixtures("user")
def test_the_page_of_a_question_tells_its_story(client, branch):
    ticket = help_call(branch, make_device(branch, label="7"))
    html = client.get(reverse("desk-question", args=[ticket.pk])).content.decode()
    for words in ("it froze", "Seat 7", "Waiting, nobody has it yet.", "Finish or pass on"):
        assert words in html


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("name", ["desk-take", "desk-put-back", "desk-finish"])
def test_a_call_of_another_branch_does_not_exist(client, name):
    ticket = help_call(make_branch())
    assert client.post(reverse(name, args=[ticket.pk]), {"do": "save"}).status_code == 404


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("pk", [0, 999_999, HUGE])
@pytest.mark.parametrize("name", ["desk-take", "desk-put-back", "desk-finish", "desk-report"])
def test_unknown_numbers_do_not_exist(client, name, pk):
    assert client.post(reverse(name, args=[pk])).status_code == 404


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("name", ["desk-log", "desk-tally", "desk-tally-undo"])
def test_nothing_is_done_at_another_branch(client, name):
    url = reverse(name, args=[make_branch().slug])
    assert client.post(url, {"text": "x", "do": "save", "group": "wifi", "request_key": uuid4()}).status_code == 404
    assert not Ticket.objects.exists()


def tap(client, branch, group="printing", key=None):
    data = {"group": group, "request_key": str(key or uuid4())}
    return client.post(reverse("desk-tally", args=[branch.slug]), data, headers=HTMX)


@pytest.mark.usefixtures("user")
def test_a_tap_counts_and_says_the_new_count(client, branch):
    tap(client, branch)
    html = tap(client, branch).content.decode()
    assert html.lstrip().startswith('<div class="tally')
    assert 'data-announce="Printing 2"' in html


@pytest.mark.usefixtures("user")
def test_the_same_tap_twice_counts_once(client, branch):
    key = uuid4()
    tap(client, branch, key=key)
    assert 'data-announce="Printing 1"' in tap(client, branch, key=key).content.decode()


@pytest.mark.usefixtures("user")
def test_undo_takes_the_last_tap_back(client, branch):
    tap(client, branch)
    html = client.post(reverse("desk-tally-undo", args=[branch.slug]), headers=HTMX).content.decode()
    assert 'data-announce="Printing 0"' in html


@pytest.mark.usefixtures("user")
def test_undo_without_a_tap_says_so(client, branch):
    answer = client.post(reverse("desk-tally-undo", args=[branch.slug]), headers=HTMX)
    assert answer.status_code == 422
    assert "There is nothing to take back" in answer.content.decode()


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("group", ["", "no-such", "a\x00b", "x" * 500])
def test_an_unknown_tally_button_counts_nothing(client, branch, group):
    assert tap(client, branch, group=group).status_code == 422
    assert not Ticket.objects.exists()


def test_the_tech_does_not_work_at_the_desk(client, branch):
    client.force_login(make_user(Role.TECH))
    assert ask(client, branch).status_code == 403
