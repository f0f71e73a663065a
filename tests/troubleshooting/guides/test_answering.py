"""Answers on a question: one for each step, the latest stands, and a hand-over arrives with what was tried."""

from uuid import uuid4

import pytest

from helpdesk.actor import patron, staff
from tests.factories import NOW, make_branch, make_category, make_guide, make_step, make_ticket, make_user
from troubleshooting.guides.tried import way_before, way_on
from troubleshooting.lifecycle import TicketRefused, answer_step, call, log, undo_answer
from troubleshooting.models import GuideAnswer, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return make_guide(make_category("pdf"))


@pytest.fixture
def ticket(guide):
    return make_ticket(make_branch(), category=guide.category)


@pytest.fixture
def by():
    user = make_user()
    return staff(user.pk, user.role)


def answer(ticket, step, said="no", by=None):
    return answer_step(ticket_id=ticket.pk, step_id=step.pk, answer=said, by=by or patron(), now=NOW)


def words(lines):
    return [(line.text.do, line.answer) for line in lines]


def test_an_answer_is_kept_with_who_gave_it_and_the_guide_goes_on(ticket, guide, by):
    answer(ticket, guide.steps.first(), by=by)
    way = way_on(ticket)
    assert words(way.tried) == [("Try first.", "no")]
    assert (way.current.text.do, way.end, way.tried[0].who) == (
        "Try second.",
        "",
        ticket.answers.get().by_user.username,
    )


def test_the_latest_answer_stands(ticket, guide, by):
    answer(ticket, guide.steps.first(), "no")
    answer(ticket, guide.steps.first(), "yes", by)
    assert (ticket.answers.get().answer, way_on(ticket).end) == ("yes", "solved")


def test_an_answer_is_taken_back_and_doing_it_twice_changes_nothing(ticket, guide, by):
    answer(ticket, guide.steps.first())
    for _time in range(2):
        undo_answer(ticket_id=ticket.pk, step_id=guide.steps.first().pk, by=by, now=NOW)
    assert not ticket.answers.exists()


@pytest.mark.parametrize("fields", [{"published_at": None, "is_live": False}, {}])
def test_a_step_of_a_draft_or_of_another_category_is_refused(ticket, fields):
    other = make_guide(ticket.category if fields else make_category("wifi"), **fields)
    with pytest.raises(TicketRefused, match="unknown_step"):
        answer(ticket, other.steps.first())


def test_a_step_of_the_version_that_was_shown_counts_after_a_new_one_was_published(ticket, guide):
    make_guide(guide.category, make_step("first", no="third"), make_step("third"))
    answer(ticket, guide.steps.first())
    assert way_on(ticket).current.text.do == "Try third."


def test_an_answer_that_is_none_is_refused(ticket, guide):
    with pytest.raises(TicketRefused, match="unknown_choice"):
        answer(ticket, guide.steps.first(), "maybe")


def test_a_finished_question_takes_no_answers(ticket, guide):
    Ticket.objects.filter(pk=ticket.pk).update(state="done", done_at=NOW, outcome="fixed")
    with pytest.raises(TicketRefused, match="already_done"):
        answer(ticket, guide.steps.first())


def test_an_answer_leaves_the_version_of_the_question_so_that_open_forms_still_save(ticket, guide):
    answer(ticket, guide.steps.first())
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


def logged(guide, tried, **fields):
    fields = {"text": "It does not work", "category": guide.category.code, "request_key": uuid4(), **fields}
    return log(branch_id=make_branch().pk, by=patron(), now=NOW, tried=tried, **fields)


def test_what_was_tried_before_the_question_was_logged_is_recorded_with_it(guide):
    first, second = guide.steps.all()
    assert words(way_on(logged(guide, {first.pk: "no", second.pk: "yes"})).tried) == [
        ("Try first.", "no"),
        ("Try second.", "yes"),
    ]


@pytest.mark.parametrize("tried", [{0: "no"}, {"first": "maybe"}, {}])
def test_what_is_no_answer_or_no_step_is_passed_over(guide, tried):
    known = {"first": guide.steps.first().pk}
    assert not logged(guide, {known.get(step, step): said for step, said in tried.items()}).answers.exists()


def test_what_was_tried_is_kept_once_for_a_repeated_request(guide):
    first = guide.steps.first().pk
    branch, key = make_branch(), uuid4()
    for _time in range(2):
        fields = {"text": "x", "category": guide.category.code, "request_key": key}
        log(branch_id=branch.pk, by=patron(), now=NOW, tried={first: "no"}, **fields)
    assert GuideAnswer.objects.count() == 1


def test_a_second_call_adds_what_was_tried_to_the_first(guide):
    branch = make_branch()
    first, second = guide.steps.all()
    for step in (first, second):
        fields = {"text": "x", "category": guide.category.code, "request_key": uuid4(), "device_id": None}
        ticket = call(branch_id=branch.pk, by=patron(), now=NOW, tried={step.pk: "no"}, **fields)
    assert [row.step for row in ticket.answers.all()] == [first, second]


def test_the_way_before_a_question_is_logged_passes_over_what_is_not_in_the_guide(guide):
    first = guide.steps.first().pk
    way = way_before(guide.category_id, {first: "no", 0: "yes"})
    assert (words(way.tried), way.current.text.do) == ([("Try first.", "no")], "Try second.")


def test_a_category_without_a_guide_has_no_way():
    assert way_before(make_category("wobble").pk, {}).is_empty


def test_the_way_of_a_question_takes_no_query_of_its_own_once_its_guide_was_read(
    ticket, guide, django_assert_num_queries
):
    answer(ticket, guide.steps.first())
    way_on(ticket)
    with django_assert_num_queries(1):
        way_on(Ticket.objects.with_guide().get(pk=ticket.pk))


def test_what_was_tried_stays_where_the_question_turns_out_to_be_about_something_else(ticket, guide):
    answer(ticket, guide.steps.first())
    Ticket.objects.filter(pk=ticket.pk).update(category=make_guide(make_category("wifi")).category)
    way = way_on(Ticket.objects.get(pk=ticket.pk))
    assert (words(way.tried), way.current.text.do) == ([("Try first.", "no")], "Try first.")
