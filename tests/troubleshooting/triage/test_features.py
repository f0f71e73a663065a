"""What a line shows: readable, the same each time, through accents and typos."""

from troubleshooting.triage.features import WORDS_READ, features, ideas_of, plain, spoken, weight


def test_words_are_read_without_accents_and_capitals():
    assert [plain(word) for word in spoken("¿Cómo IMPRIMO?")] == ["como", "imprimo"]


def test_numbers_become_one_sign_so_that_no_seat_is_learned():
    assert {"word pc", "word #"} <= set(features("PC 12"))
    assert features("12") == features("7")


def test_english_and_spanish_words_of_one_idea_meet():
    assert "printer" in ideas_of("printer") & ideas_of("impresora")


def test_two_ideas_of_a_line_are_seen_together():
    assert "ideas broken + screen" in features("the screen is cracked and broken")


def test_a_typo_keeps_parts_of_the_word():
    shared = set(features("keybaord")) & set(features("keyboard"))
    assert {"part <key", "part ard>"} & shared


def test_each_feature_says_which_words_show_it():
    assert features("my printer jammed")["ideas jam + printer"] == (1, 2)


def test_only_the_beginning_of_a_long_text_is_read():
    assert len(spoken("word " * 10_000)) == WORDS_READ


def test_every_feature_has_a_weight():
    assert all(weight(name) > 0 for name in features("Is the printer jammed again?"))


def test_an_idea_that_was_told_stands_beside_those_of_the_line():
    assert "ideas everyone + wifi" in features("wifi", told=["everyone"])
