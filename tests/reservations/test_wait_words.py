"""How long somebody waits, in words."""

import pytest

from reservations.wait_words import wait_words


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, "perhaps not before closing"),
        ((0, 5), "within about 5 min"),
        ((7, 7), "within about 7 min"),
        ((5, 15), "about 5 to 15 min"),
        ((45, 60), "about 45 min to 1 hour"),
        ((50, 70), "about 50 min to 1 h 15"),
        ((65, 80), "about 1 hour to 1 h 30"),
        ((10, 100), "about 10 min to over an hour"),
        ((75, 150), "about 1 h 15 to 2 h 30"),
    ],
)
def test_a_range_is_said_as_finely_as_it_is_known(minutes, said):
    assert wait_words(minutes).replace("\N{NO-BREAK SPACE}", " ") == said
