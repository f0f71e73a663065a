"""Reads of the desk's call list: people who must be told what happened to their booking."""

from django.db.models import QuerySet

from helpdesk.models import User
from reservations.models import Branch, Call


def open_calls(branch: Branch) -> QuerySet[Call]:
    """Return the branch's calls that nobody has made yet, oldest first. One query."""
    return (
        Call.objects.open()
        .filter(booking__branch=branch)
        .select_related("booking__device", "booking__patron", "booking__displaced_by__device")
        .order_by("made_at", "pk")
    )


def call_for(user: User, pk: int) -> Call | None:
    """Return a call of a branch that `user` works at."""
    branches = Branch.objects.visible_to(user)
    near = ("booking__branch__policy", "booking__device", "booking__patron", "booking__displaced_by__device")
    return Call.objects.select_related(*near).filter(pk=pk, booking__branch__in=branches).first()
