"""Who is at a page now, for forty seconds and no longer."""

from datetime import timedelta

import pytest
from django.http import HttpResponse

from helpdesk import live, presence
from tests.factories import NOW

PLACE = "ticket:118"


@pytest.fixture(autouse=True)
def _fresh_store():
    live.redis().flushdb()


@pytest.fixture
def _redis_away(monkeypatch):
    monkeypatch.setattr(live, "_client", live.connect("redis://127.0.0.1:1/0"))


def seconds(many):
    return NOW + timedelta(seconds=many)


@pytest.mark.django_db
def test_who_comes_sees_who_is_there_and_not_oneself():
    assert presence.come(PLACE, "desk", NOW) == []
    assert presence.come(PLACE, "reference", NOW) == ["desk"]
    assert presence.come(PLACE, "desk", NOW) == ["reference"]


@pytest.mark.django_db
def test_another_page_is_another_place():
    presence.come(PLACE, "desk", NOW)
    assert presence.come("ticket:119", "reference", NOW) == []


@pytest.mark.django_db
def test_who_stops_polling_is_gone_after_forty_seconds():
    presence.come(PLACE, "desk", NOW)
    assert presence.come(PLACE, "reference", seconds(39)) == ["desk"]
    assert presence.come(PLACE, "reference", seconds(41)) == []


@pytest.mark.django_db
def test_nothing_is_kept_of_who_was_there():
    presence.come(PLACE, "desk", NOW)
    assert 0 < live.redis().ttl(f"here:{PLACE}") <= 40


@pytest.mark.django_db
def test_who_is_new_wakes_the_page_and_who_stays_does_not(django_capture_on_commit_callbacks):
    value = live.watch(PLACE).signed(None, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        presence.come(PLACE, "desk", NOW)
    assert not live.is_unchanged(value, NOW)
    value = live.watch(PLACE).signed(None, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        presence.come(PLACE, "desk", seconds(15))
    assert live.is_unchanged(value, NOW)


def test_a_page_with_others_looks_again_when_they_may_have_left():
    assert presence.next_change(["desk"], NOW) == seconds(40)
    assert presence.next_change([], NOW) is None


@pytest.mark.usefixtures("_redis_away")
def test_with_redis_away_nobody_is_seen_and_nothing_breaks():
    assert presence.come(PLACE, "desk", NOW) == []


def poll(rf, here, **headers):
    request = rf.get("/", {"here": here}, **headers)
    return presence.PresenceMiddleware(lambda _request: HttpResponse("page"))(request)


@pytest.mark.django_db
def test_a_poll_notes_who_polls(rf, monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    poll(rf, presence.signed(PLACE, "desk"), HTTP_HX_REQUEST="true")
    assert presence.come(PLACE, "reference", NOW) == ["desk"]


@pytest.mark.django_db
@pytest.mark.parametrize("here", ["", "forged", "a:b:c", "\x00"])
def test_a_poll_that_says_nothing_true_is_answered_all_the_same(rf, monkeypatch, here):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    assert poll(rf, here, HTTP_HX_REQUEST="true").content == b"page"
    assert presence.come(PLACE, "reference", NOW) == []
