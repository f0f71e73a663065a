"""A card number taken on trust, because the library system does not answer: for a short session and no more.

It gets a row of its own, which opens nothing that belongs to the card: nobody has proved that it is theirs. What staff
and the rules hold against the card holds here too. When the card is checked again, both rows become one.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from reservations.models import Patron
from reservations.models.people import AgeBand, Source
from reservations.patrons.keys import away_key, card_key, normalise
from reservations.patrons.remember import known_by, remember
from reservations.patrons.sources import Identity


def on_trust(number: str, now: datetime) -> Patron | None:
    """Return the patron of a number that nobody could check; None where it does not look like a card's."""
    known = known_by([card_key(number)])
    if known is None and not settings.LIBRARY_SYSTEM.card_shape.fullmatch(normalise(number)):
        return None
    identity = Identity(away_key(number), Source.AWAY, normalise(number)[-3:], AgeBand.UNKNOWN)
    if known:
        identity = replace(identity, age_band=known.age_band, band_until=known.band_until)
    patron = remember(identity, now)
    if known:
        patron.blocked_until, patron.walk_up_only_until = known.blocked_until, known.walk_up_only_until
        patron.save(update_fields=["blocked_until", "walk_up_only_until"])
    return patron
