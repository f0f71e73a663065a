"""Whole pages that say one thing: what happened, and one way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _


def message_page(
    request: HttpRequest, status: int, heading: str, sentence: str, back: str = "/", verb: str = ""
) -> HttpResponse:
    """Return a page of one heading and one sentence, with a link to `back`."""
    context = {"heading": heading, "sentence": sentence, "back": back, "verb": verb or _("To the start")}
    return render(request, "helpdesk/message.html", context, status=status)


def form_only(request: HttpRequest, methods: list[str]) -> HttpResponse:
    """Answer a visit by another method than a view takes: a form's address that was opened, or opened again.

    That happens when somebody signs in anew in the middle of a form, or loads its answer again. 405, with the page that
    holds the form as the way on.
    """
    page = message_page(
        request,
        405,
        _("Nothing was saved"),
        _("This is the address of a form, and nothing came with it. Open its page and do the last step again."),
        back=holder_of(request.path),
        verb=_("Open the page"),
    )
    page.headers["Allow"] = ", ".join(methods)
    return page


def holder_of(path: str) -> str:
    """Return the nearest address above `path` that shows a page to staff; the start where there is none."""
    parts = path.strip("/").split("/")
    above = ("/" + "/".join(parts[:count]) + "/" for count in range(len(parts) - 1, 0, -1))
    return next((address for address in above if _shows_a_page(address)), "/")


def page_of(target: str) -> str:
    """Return where somebody goes on: `target`, or the page of the form whose address that is."""
    path = target.partition("?")[0]
    return holder_of(path) if _shows_a_page(path) is False else target


def _shows_a_page(path: str) -> bool | None:
    """Return whether a staff view answers `path` with a page; None where none of theirs does."""
    try:
        return getattr(resolve(path).func, "shows_a_page", None)
    except Resolver404:
        return None
