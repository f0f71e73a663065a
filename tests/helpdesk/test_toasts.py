"""What is said at the foot of a page, and the way back."""

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from helpdesk.toasts import say, undo_of

BACK = "/desk/seats/7/cancel/undo/"


def asked() -> HttpRequest:
    request = RequestFactory().get("/desk/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def foot(request: HttpRequest, **context: object) -> str:
    return render_to_string("parts/toasts.html", {"messages": request._messages, **context}, request)  # type: ignore[attr-defined]


def test_a_sentence_without_a_way_back_has_no_button() -> None:
    request = asked()
    say(request, "Seat 7 is free now.")
    assert "Seat 7 is free now." in foot(request)
    request = asked()
    say(request, "Seat 7 is free now.")
    assert "<form" not in foot(request)


def test_a_way_back_is_a_protected_post() -> None:
    request = asked()
    say(request, "Booking cancelled.", undo_url=BACK)
    page = foot(request)
    assert f'method="post" action="{BACK}" data-undo' in page
    assert 'name="csrfmiddlewaretoken" value="' in page
    assert 'value=""' not in page


def test_on_a_page_with_a_board_the_answer_of_the_undo_replaces_the_board() -> None:
    request = asked()
    say(request, "Booking cancelled.", undo_url=BACK)
    assert f'hx-post="{BACK}" hx-target="#board" hx-swap="outerHTML"' in foot(request, undo_target="#board")


def test_on_a_page_without_a_board_the_undo_is_a_plain_form() -> None:
    request = asked()
    say(request, "Booking cancelled.", undo_url=BACK)
    assert "hx-post" not in foot(request)


def test_the_way_back_survives_the_redirect() -> None:
    first, second, response = asked(), RequestFactory().get("/desk/"), HttpResponse()
    storage = CookieStorage(first)
    first._messages = storage  # type: ignore[attr-defined]
    say(first, "Booking cancelled.", undo_url=BACK)
    storage.update(response)
    second.COOKIES[storage.cookie_name] = response.cookies[storage.cookie_name].value
    (message,) = CookieStorage(second)
    assert (str(message), undo_of(message)) == ("Booking cancelled.", BACK)


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1", "x"]
)
def test_a_way_back_never_leaves_the_site(address: str) -> None:
    with pytest.raises(ValueError, match="a path of this site"):
        say(asked(), "Booking cancelled.", undo_url=address)
