"""The words of a search before anything is looked up."""

import pytest

from troubleshooting.search.words import apart, near, typed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Printer JAM", ["printer", "jam"]),
        ("impresión rápida", ["impresion", "rapida"]),
        ("wi-fi isn't on", ["wi", "fi", "isn", "t", "on"]),
        ("jam jam Jam", ["jam"]),
        ("(a | b) & !c:* <-> 'd'", ["a", "b", "c", "d"]),
        ("🖨️ 👩‍🦯", []),
        ("שלום עולם", ["שלום", "עולם"]),
        ("ﬁle №7", ["file", "7"]),
        ("", []),
    ],
)
def test_words_are_plain_and_each_once(text, words):
    assert typed(text) == words


def test_of_many_words_the_first_eight_are_read():
    assert len(typed(" ".join(f"w{n}" for n in range(5000)))) == 8


def test_of_a_long_word_forty_letters_are_read():
    assert typed("x" * 10_000) == ["x" * 40]


@pytest.mark.parametrize("word", ["printr", "pprinter", "prinfer", "pritner"])
def test_one_slip_is_near(word):
    assert "printer" in near(word)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("jam", "jam", 0),
        ("jma", "jam", 1),
        ("pasword", "password", 1),
        ("impersora", "impresora", 1),
        ("cat", "dog", 3),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted_and_a_swap_is_one(one, other, steps):
    assert apart(one, other) == steps
