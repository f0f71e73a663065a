"""From what a source knows to the patron's row: made at the first sign-in or look-up, refreshed at later ones."""

from datetime import datetime

from reservations.models import Patron
from reservations.patrons.sources import Identity


def remember(identity: Identity, now: datetime) -> Patron:
    """Make the patron at the first sign-in, refresh what the source says at later ones."""
    patron, _made = Patron.objects.update_or_create(
        key=identity.key,
        defaults={
            "source": identity.source,
            "alias": identity.alias,
            "age_band": identity.age_band,
            "band_until": identity.band_until,
            "valid_until": identity.valid_until,
            "seen_at": now,
        },
    )
    return patron
