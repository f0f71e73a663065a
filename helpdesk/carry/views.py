"""The page on which managers download the whole set-up, and bring one into an empty system after a look at it."""

import binascii
from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.carry.errors import CarryRefused, Report
from helpdesk.carry.into import carry_in, held, refused_words
from helpdesk.carry.out import carry_out, counts
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from helpdesk.toasts import say

NO_FILE = gettext_lazy("Choose the file that the export of another system gave. It ends in .zip.")


class SetUpFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Set-up file"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages=dict.fromkeys(("required", "invalid", "missing", "empty"), NO_FILE),
    )


@never_cache
@staff_view("GET", MANAGER_ROLES)
def page(request: HttpRequest) -> HttpResponse:
    """Show what an export holds, and the form of an import where the system is empty."""
    return _page(request, SetUpFileForm())


@never_cache
@staff_view("GET", MANAGER_ROLES)
def download(request: HttpRequest) -> HttpResponse:
    """Send the whole set-up as one file."""
    name = f"set-up-{timezone.localtime(clock.now()):%Y-%m-%d}.zip"
    response = HttpResponse(carry_out(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@staff_view("POST", MANAGER_ROLES)
def look(request: HttpRequest) -> HttpResponse:
    """Read a file and show what it would bring, and each line that is refused; nothing is saved."""
    form = SetUpFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    content = form.cleaned_data["file"].read()
    try:
        report = carry_in(content=content, by=actor_of(request), now=clock.now(), dry_run=True)
    except CarryRefused as refused:
        form.add_error("file", refused.sentence)
        return _page(request, form, status=422)
    if report.refusals:
        return _refused(request, form, report)
    # The next form sends the file back, because no browser chooses a file twice; it holds nothing secret.
    return _page(request, form, report=report, content=b64encode(content).decode())


@never_cache
@staff_view("POST", MANAGER_ROLES)
def bring(request: HttpRequest) -> HttpResponse:
    """Save the set-up that has been looked at."""
    try:
        report = carry_in(content=_content(request), by=actor_of(request), now=clock.now())
    except CarryRefused as refused:
        if refused.report:
            return _refused(request, SetUpFileForm(), refused.report)
        return _page(request, SetUpFileForm(), status=422, sentence=refused.sentence)
    sentence = ngettext(
        "The set-up is here: %(count)d row. Pair the kiosks again and add your staff.",
        "The set-up is here: %(count)d rows. Pair the kiosks again and add your staff.",
        report.rows,
    )
    say(request, sentence % {"count": report.rows})
    return redirect("carry")


def _content(request: HttpRequest) -> bytes:
    """Return the file that the form holds, b"" where it is damaged."""
    try:
        return b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _refused(request: HttpRequest, form: SetUpFileForm, report: Report) -> HttpResponse:
    return _page(request, form, status=422, report=report, sentence=refused_words(report))


def _page(request: HttpRequest, form: SetUpFileForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    found = counts()
    context = {"form": form, "counts": found, "held": held(found), "tab": "set-up", **shown}
    return render(request, "helpdesk/carry.html", context, status=status)
