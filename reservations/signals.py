"""Facts that other apps may act on; each is sent inside the transaction that makes it true."""

from django.dispatch import Signal

# A source of patrons outside of this system has failed so often that nobody asks it for a while.
# Arguments: source (its name), reason (a code), since (moment of the first failure), branch_id, now.
source_unreachable = Signal()
# It answers again. Arguments: source, since, now.
source_reachable = Signal()
# A device has left the room for good. Arguments: device_id, by (an Actor), now.
device_retired = Signal()
