"""Drafts and versions of a guide: what staff change is seen when it is published, and what was published stays."""

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, make_category, make_guide, make_step, make_user
from troubleshooting.guides import editing
from troubleshooting.guides.editing import Written, add_step, begin_draft, change_step, drop_draft, move_step, publish
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Category, GuideStep, GuideVersion

pytestmark = pytest.mark.django_db
TEXTS = {"en": {"do": "Restart it.", "ask": "Better?"}, "es": {"do": "Reinicie.", "ask": "¿Mejor?"}}


@pytest.fixture(autouse=True)
def _only_what_is_made_here():
    GuideVersion.objects.all().delete()


@pytest.fixture
def by():
    user = make_user("reference")
    return staff(user.pk, user.role)


@pytest.fixture
def live():
    return make_guide()


def written(**fields):
    return Written(**{"texts": TEXTS, "picture": "", "patron": False, "yes": "solved", "no": "desk", **fields})


def begin(live, by, **options):
    return begin_draft(category_id=live.category_id, by=by, now=NOW, **options)


def ways(version):
    return [(step.key, step.yes, step.no) for step in version.steps.all()]


def refused(code):
    return pytest.raises(TicketRefused, match=code)


def test_a_draft_begins_as_a_copy_of_what_is_in_use(live, by):
    draft = begin(live, by)
    assert (draft.number, draft.is_live, ways(draft)) == (2, False, ways(live))


def test_the_draft_that_is_there_is_gone_on_with(live, by):
    assert begin(live, by) == begin(live, by)


def test_a_category_without_a_guide_begins_with_no_step(by):
    draft = begin_draft(category_id=make_category("pdf").pk, by=by, now=NOW)
    assert (draft.number, ways(draft)) == (1, [])


def test_a_change_of_the_draft_changes_nothing_that_is_in_use(live, by):
    step = begin(live, by).steps.first()
    change_step(step_id=step.pk, changes=0, written=written(), by=by, now=NOW)
    assert live.steps.first().texts["en"]["do"] == "Try first."


def test_publishing_puts_the_draft_in_the_place_of_the_live_version(live, by):
    draft = publish(draft_id=begin(live, by).pk, by=by, now=NOW)
    assert GuideVersion.objects.get(category=live.category, is_live=True) == draft
    assert (draft.published_at, draft.by_user_id) == (NOW, by.user_id)
    assert GuideVersion.objects.filter(pk=live.pk, published_at=NOW).exists()


def test_publishing_twice_is_publishing_once(live, by):
    draft = begin(live, by)
    publish(draft_id=draft.pk, by=by, now=NOW)
    assert publish(draft_id=draft.pk, by=by, now=NOW) == draft


def test_a_guide_that_goes_round_can_be_saved_but_not_published(live, by):
    draft = begin(live, by)
    step = draft.steps.last()
    change_step(step_id=step.pk, changes=0, written=written(no="first"), by=by, now=NOW)
    with refused("not_whole") as why:
        publish(draft_id=draft.pk, by=by, now=NOW)
    assert "leads back to Step 1 (first)" in why.value.sentence
    assert GuideVersion.objects.get(category=live.category, is_live=True) == live


def test_a_guide_without_a_step_is_not_published(by):
    with refused("not_whole"):
        publish(draft_id=begin_draft(category_id=make_category("pdf").pk, by=by, now=NOW).pk, by=by, now=NOW)


def test_a_published_version_is_not_changed(live, by):
    for verb in (
        lambda: add_step(draft_id=live.pk, written=written(), by=by, now=NOW),
        lambda: change_step(step_id=live.steps.first().pk, changes=0, written=written(), by=by, now=NOW),
        lambda: move_step(step_id=live.steps.first().pk, up=False, by=by),
        lambda: editing.remove_step(step_id=live.steps.first().pk, by=by),
        lambda: drop_draft(draft_id=live.pk, by=by),
    ):
        with refused("no_draft"):
            verb()


def test_an_older_version_is_made_the_draft_again(live, by):
    make_guide(live.category, make_step("other"))
    draft = begin(live, by, number=1)
    assert (draft.number, ways(draft)) == (3, ways(live))


def test_an_older_version_does_not_push_a_draft_away(live, by):
    begin(live, by)
    with refused("draft_there"):
        begin(live, by, number=1)


def test_a_version_that_never_was_is_refused(live, by):
    with refused("unknown_version"):
        begin(live, by, number=7)


def test_a_dropped_draft_is_gone_and_the_live_version_stays(live, by):
    draft = begin(live, by)
    drop_draft(draft_id=draft.pk, by=by)
    with refused("no_draft"):
        drop_draft(draft_id=draft.pk, by=by)
    assert GuideVersion.objects.get(category=live.category) == live


def test_a_step_is_added_at_the_end_and_the_one_before_leads_there(live, by):
    draft = begin(live, by)
    add_step(draft_id=draft.pk, written=written(), by=by, now=NOW)
    assert ways(draft)[1:] == [("second", "solved", "step-1"), ("step-1", "solved", "desk")]
    publish(draft_id=draft.pk, by=by, now=NOW)


def test_a_guide_does_not_grow_without_end(live, by, monkeypatch):
    monkeypatch.setattr(editing, "MOST_STEPS", 2)
    with refused("too_many"):
        add_step(draft_id=begin(live, by).pk, written=written(), by=by, now=NOW)


def test_of_two_who_save_a_step_the_second_is_told(live, by):
    step = begin(live, by).steps.first()
    change_step(step_id=step.pk, changes=0, written=written(), by=by, now=NOW)
    with refused("stale"):
        change_step(step_id=step.pk, changes=0, written=written(picture="other"), by=by, now=NOW)
    assert GuideStep.objects.get(pk=step.pk).picture == ""


def test_steps_change_places_and_the_first_one_is_the_entry(live, by):
    draft = begin(live, by)
    move_step(step_id=draft.steps.last().pk, up=True, by=by)
    assert [key for key, _yes, _no in ways(draft)] == ["second", "first"]
    move_step(step_id=draft.steps.first().pk, up=True, by=by)
    assert [key for key, _yes, _no in ways(draft)] == ["second", "first"]


def test_what_led_to_a_deleted_step_leads_to_where_its_no_went(live, by):
    draft = begin(live, by)
    editing.remove_step(step_id=draft.steps.last().pk, by=by)
    assert ways(draft) == [("first", "solved", "desk")]
    with refused("no_draft"):
        editing.remove_step(step_id=0, by=by)


def test_a_category_that_is_deleted_takes_a_guide_along_that_nobody_has_answered(live):
    Category.objects.filter(pk=live.category_id).delete()
    assert not GuideVersion.objects.filter(pk=live.pk).exists()
