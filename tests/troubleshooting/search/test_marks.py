"""The found words are marked, the rest is escaped and cut."""

import pytest

from troubleshooting.search.marks import marked
from troubleshooting.search.spelling import Term

PRINT = Term("printing", ("print",), (), 1, small=False)
SMALL = Term("the", ("the",), (), None, small=True)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("The printer", "The <mark>printer</mark>"),
        ("PRINTED twice, printed", "<mark>PRINTED</mark> twice, <mark>printed</mark>"),
        ("reprint", "reprint"),
        ("<script>print</script>", "&lt;script&gt;<mark>print</mark>&lt;/script&gt;"),
        ("a & <b>print</b>", "a &amp; &lt;b&gt;<mark>print</mark>&lt;/b&gt;"),
        ("print\n\nagain", "<mark>print</mark> again"),
        ("", ""),
    ],
)
def test_words_are_marked_and_markup_stays_text(text, html):
    assert marked(text, [PRINT, SMALL]) == html


def test_accents_do_not_hide_a_word():
    assert marked("Impresión", [Term("impresion", ("impresion",), (), 1, small=False)]) == "<mark>Impresión</mark>"


def test_a_near_word_that_was_looked_for_is_marked():
    term = Term("prnter", ("prnter",), (), None, small=False, meant=("printer",))
    assert marked("the printer", [term]) == "the <mark>printer</mark>"


def test_a_long_text_is_cut_around_the_first_found_word():
    html = marked(f"{'far away ' * 40}print {'and on ' * 40}", [PRINT])
    assert html.startswith("…")
    assert html.endswith("…")
    assert "<mark>print</mark>" in html
    assert len(html) < 200


def test_a_long_text_without_one_is_cut_at_the_end():
    assert marked("x" * 500, [PRINT]) == f"{'x' * 160}…"
