"""Reads of why somebody can take no seat of a branch whatever they choose: a blocked card, a branch without guests."""

from datetime import datetime

from django.utils.translation import gettext as _

from reservations.models import Booking, Branch, Device, Patron


def takes_guests(branch: Branch) -> bool:
    """Return whether a guest number is good for any seat of the branch. At most two queries."""
    policy = branch.policy
    said = {kind: policy.rule_for(kind).guests_allowed for kind in policy.ruled_classes}
    ruled = {kind: allowed for kind, allowed in said.items() if allowed is not None}
    if all(allowed == policy.guests_allowed for allowed in ruled.values()):
        return policy.guests_allowed
    kinds = Device.objects.bookable().filter(branch=branch).values_list("device_class_id", flat=True)
    return any(ruled.get(kind, policy.guests_allowed) for kind in kinds)


def kept_out(patron: Patron, branch: Branch, now: datetime) -> str:
    """Return the sentence for who can take no seat of `branch` at `now`, with the next step; '' for all others.

    Of a blocked card it is neutral and names no end: others read the screen too. At most two queries, for a guest.
    """
    if patron.blocked_until and patron.blocked_until > now:
        return _("Booking with this card needs a word with our staff first. Ask at the desk.")
    if patron.is_guest and not takes_guests(branch):
        return _("The computers here are for people with a library card. Ask at the desk for one.")
    return ""


def is_held_back(booking: Booking, patron: Patron) -> bool:
    """Return whether the block on the card of `patron` still holds when `booking` begins."""
    return patron.blocked_until is not None and booking.start < patron.blocked_until
