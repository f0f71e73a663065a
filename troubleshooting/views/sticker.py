"""The sticker of a seat: its help address large enough to type, to print and to renew."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import device_for
from troubleshooting.help_address import address_of, renew_address, version_of

NEWEST = 2**31 - 1  # the column holds no more


class RenewForm(forms.Form):
    """Which address was shown to whoever wants another one."""

    version = forms.IntegerField(min_value=0, max_value=NEWEST)


@staff_view("GET", DESK_ROLES)
def sticker(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the present help address of a device that stands in the room."""
    device = device_for(user_of(request), pk)
    version = version_of(device.pk)
    address = address_of(device.pk, version)
    scheme, _slashes, shown = address.rstrip("/").partition("://")
    host, _help, code = shown.rpartition("/help/")
    context = {
        "tab": "desk",
        "branch": device.branch,
        "device": device,
        "version": version,
        "address": address,
        "host": f"{host}/help/" if scheme == "https" else f"{scheme}://{host}/help/",
        "help_code": code,
    }
    return render_page(request, "troubleshooting/sticker.html", context)


@staff_view("POST", DESK_ROLES)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a device another help address; a second click changes nothing."""
    device = device_for(user_of(request), pk)
    form = RenewForm(request.POST)
    if device.retired_on or not form.is_valid():
        messages.error(request, _("Nothing was changed. Open this page again and try once more."))
    else:
        seen = form.cleaned_data["version"]
        renew_address(device_id=device.pk, seen=seen, by=actor_of(request), now=clock.now())
        messages.success(request, _("The old address leads nowhere now. Print the new sticker."))
    return redirect("desk-seat-help", device.pk)
