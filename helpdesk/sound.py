"""The sound for new items, which each member of staff switches for themselves."""

from django.db import transaction
from django.db.models import Case, Value, When

from helpdesk.models import User


@transaction.atomic
def switch_sound(*, user: User) -> None:
    """Turn the sound on if it is off, else off."""
    User.objects.filter(pk=user.pk).update(sound=Case(When(sound=True, then=Value(False)), default=Value(True)))
