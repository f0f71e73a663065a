"""The pages of the platform: the way home, sign-in, stale forms, health."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk import clock, registry
from helpdesk.pages import message_page, page_of
from helpdesk.roles import user_of
from helpdesk.sound import switch_sound


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead a member of staff to the first screen of their role."""
    first = registry.first_page_for(user_of(request))
    if not first:
        raise PermissionDenied
    return redirect(first)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member of staff in and lead on to where they wanted to go."""
    form = AuthenticationForm(request, data=request.POST or None)
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
        return redirect(page_of(target) if safe else "home")
    status = 422 if request.method == "POST" else 200
    return render(request, "helpdesk/sign_in.html", {"form": form, "next": target}, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection token is too old: nothing was done, and here is the way on.

    A kiosk goes back to its start page; staff get one sentence and a link.
    """
    if request.path.startswith("/kiosk/"):
        start = f"{reverse('kiosk')}?stale=1"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": start})
        return redirect(start)
    return message_page(
        request,
        403,
        _("This page was open for too long"),
        _("Nothing was saved. Open the page again and repeat the last step."),
        back=request.path,
        verb=_("Open it again"),
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a member of staff whose role does not open this page."""
    return message_page(
        request,
        403,
        _("This page is not yours"),
        str(exception) or _("Ask a manager if you should see it, or go to your own first page."),
    )


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what no page of ours sends: too large, cut off, or made by hand."""
    return message_page(
        request, 400, _("This could not be read"), _("Nothing was saved. Open the page again and try once more.")
    )


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or to something this person may not see."""
    return message_page(request, 404, _("There is nothing here"), _("The address is wrong, or what it showed is gone."))


@require_POST
def sound(request: HttpRequest) -> HttpResponse:
    """Switch the sound for new items on or off for this member of staff, and lead back."""
    switch_sound(user=user_of(request))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if safe else "home")


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; nothing more."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the system does its work: the database, and the age of what waits, not "the process is up"."""
    now = clock.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        figures = {figure.key: round(figure.read(now), 1) for figure in registry.health_figures()}
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False}, status=503)
    ok = all(figures[figure.key] <= figure.limit for figure in registry.health_figures())
    return JsonResponse({"ok": ok, "database": True, **figures}, status=200 if ok else 503)
