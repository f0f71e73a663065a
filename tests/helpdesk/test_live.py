"""Live tokens: an unchanged poll costs nothing, a changed one renders, a doubtful one renders too."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from helpdesk import clock, live
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _fresh_store():
    live.redis().flushdb()


@pytest.fixture
def _redis_away(monkeypatch):
    monkeypatch.setattr(live, "_client", live.connect("redis://127.0.0.1:1/0"))


def poll_value(now=NOW, next_change=None):
    return live.watch("board:1").signed(next_change, now)


def touch(django_capture_on_commit_callbacks, *scopes):
    with django_capture_on_commit_callbacks(execute=True):
        live.touch(*scopes)


def test_nothing_changed_is_unchanged():
    assert live.is_unchanged(poll_value(), NOW)


@pytest.mark.django_db
def test_a_write_changes_its_scope_and_no_other(django_capture_on_commit_callbacks):
    value = poll_value()
    touch(django_capture_on_commit_callbacks, "board:2")
    assert live.is_unchanged(value, NOW)
    touch(django_capture_on_commit_callbacks, "board:1")
    assert not live.is_unchanged(value, NOW)


@pytest.mark.django_db
def test_a_write_that_is_rolled_back_changes_nothing(django_capture_on_commit_callbacks):
    value = poll_value()
    with django_capture_on_commit_callbacks(execute=False):
        live.touch("board:1")
    assert live.is_unchanged(value, NOW)


def test_time_alone_changes_a_page_at_its_next_moment():
    value = poll_value(next_change=NOW + timedelta(seconds=20))
    assert live.is_unchanged(value, NOW + timedelta(seconds=19))
    assert not live.is_unchanged(value, NOW + timedelta(seconds=20))


def test_a_page_is_rendered_anew_after_a_minute_at_the_latest():
    value = poll_value(next_change=NOW + timedelta(hours=1))
    assert not live.is_unchanged(value, NOW + timedelta(seconds=60))


@pytest.mark.parametrize("forged", ["", "x", "x:y:z"])
def test_a_forged_value_renders(forged):
    assert not live.is_unchanged(forged, NOW)


@pytest.mark.usefixtures("_redis_away")
def test_with_redis_away_every_poll_renders():
    assert not live.is_unchanged(poll_value(), NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("_redis_away")
def test_with_redis_away_a_write_still_succeeds(django_capture_on_commit_callbacks):
    touch(django_capture_on_commit_callbacks, "board:1")


def test_an_unchanged_poll_is_answered_before_the_view(rf):
    def view(request):
        raise AssertionError("the view was called")

    request = rf.get("/desk/", {"live": poll_value(clock.now())}, headers={"HX-Request": "true"})
    response = live.UnchangedPollMiddleware(view)(request)
    assert (response.status_code, response.content) == (204, b"")


def test_a_plain_visit_with_an_old_poll_address_gets_the_page(rf):
    request = rf.get("/desk/", {"live": poll_value(clock.now())})
    request.user = AnonymousUser()
    assert live.UnchangedPollMiddleware(lambda _request: HttpResponse("page"))(request).status_code == 200
