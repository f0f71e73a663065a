"""Short names: what can be seen is taken, what cannot is refused; scripts keep the joiners that they need."""

import pytest
from django.core.exceptions import ValidationError

from helpdesk.names import hides, visible

HIDDEN = ["\u200b", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\t", "\n", "\x7f"]


@pytest.mark.parametrize("letter", HIDDEN)
def test_characters_that_cannot_be_seen_are_refused_alone_and_within_a_name(letter):
    assert hides(letter)
    assert hides(f"Win{letter}dow")
    with pytest.raises(ValidationError, match="cannot be seen"):
        visible(letter)


@pytest.mark.parametrize("name", ["\u200d", "\u200c \u200c"])
def test_joiners_alone_are_no_name(name):
    assert hides(name)


@pytest.mark.parametrize("name", ["", "Window row", "می\u200cخواهم", "क्\u200dष", "Étagère 2", "窓", "شباك"])
def test_what_can_be_seen_is_a_name(name):
    assert not hides(name)
    visible(name)
