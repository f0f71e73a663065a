"""The one lock order: branches, then patrons, devices, bookings, each by primary key.

Measured with 16 threads: no order 67 deadlocks, device first 76, branch first none. The branch lock freezes the
branch's timeline, so a verb may read first and choose after.
"""

from collections.abc import Iterable

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from reservations.models import Branch, Device, Patron, Turn
from reservations.rulebook import taken, with_rules
from reservations.rules.problem import Problem, Refused

PATRON_GONE = Problem(
    "patron_gone", _("This sign-in has ended. Sign in again, then repeat the last step."), _("Sign-in"), lift_by=""
)


def lock_branch(branch_id: int) -> Branch:
    """Lock and return the branch with its policy and rules; every write verb on its timeline starts here."""
    return taken(with_rules(Branch.objects.select_for_update(no_key=True, of=("self",))).get(pk=branch_id))


def lock_patron(patron_id: int) -> Patron:
    """Lock and return the patron; after the branch.

    Raises Refused `patron_gone` where another card of the same person has just become their only row.
    """
    patron = Patron.objects.select_for_update(no_key=True, of=("self",)).filter(pk=patron_id).first()
    if patron is None:
        raise Refused(PATRON_GONE)
    return patron


def lock_patrons(patron_ids: Iterable[int]) -> list[Patron]:
    """Lock and return patrons by primary key; after the branch."""
    return list(Patron.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=patron_ids).order_by("pk"))


def lock_devices(device_ids: Iterable[int], branch_id: int) -> list[Device]:
    """Lock and return devices by primary key, with their class; after branch and patron.

    Each carries `has_line`: whether people wait at the branch. The branch's own `has_line` is older, it was read before
    its lock was awaited.
    """
    line = Turn.objects.open().filter(branch_id=branch_id)
    return list(
        Device.objects.select_related("device_class", "area")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk__in=device_ids)
        .annotate(has_line=Exists(line))
        .order_by("pk")
    )
