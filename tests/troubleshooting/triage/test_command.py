"""`manage.py triage`: figures in the agreed shape, one clear sentence for a file that cannot be used."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.troubleshooting.triage.test_lines import UNSEEN

MORE = UNSEEN.with_name("unseen_more.csv")  # by an author who had not read our lines

pytestmark = pytest.mark.django_db

KEYS = {
    "tier_accuracy",
    "kind_accuracy",
    "category_accuracy",
    "category_top3_accuracy",
    "lines",
    "tier_confusion",
}


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("triage", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "lines.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_unseen_lines_are_sorted_well_enough():
    """A guard below what was measured (ADR 17)."""
    figures = json.loads(run(UNSEEN, "--json"))
    assert figures["lines"] == 96
    assert figures["tier_accuracy"] >= 0.8
    assert figures["category_top3_accuracy"] >= 0.9
    assert figures["kind_accuracy"] >= 0.78


def test_lines_of_another_author_are_sorted_well_enough():
    """A guard below what was measured (ADR 17)."""
    figures = json.loads(run(MORE, "--json"))
    assert figures["lines"] == 300
    assert figures["tier_accuracy"] >= 0.84
    assert figures["category_top3_accuracy"] >= 0.9


def test_the_object_has_exactly_the_agreed_keys():
    assert set(json.loads(run(UNSEEN, "--json"))) == KEYS


def test_the_table_counts_each_line_once_by_its_tier():
    figures = json.loads(run(UNSEEN, "--json"))
    assert [sum(row) for row in figures["tier_confusion"]] == [16, 28, 27, 25]
    diagonal = sum(figures["tier_confusion"][tier][tier] for tier in range(4))
    assert figures["tier_accuracy"] == round(diagonal / 96, 4)


def test_the_answers_of_the_file_do_not_change_the_guesses(file):
    lines = 'text,category,tier,kind\n"{}",{},{},{}\n'
    one = json.loads(run(file(lines.format("printer jam", "printing", 1, "printing")), "--json"))
    other = json.loads(run(file(lines.format("printer jam", "wifi", 3, "network")), "--json"))
    assert (one["tier_accuracy"], other["tier_accuracy"]) == (1.0, 0.0)
    assert (one["tier_confusion"][1][1], other["tier_confusion"][3][1]) == (1, 1)


def test_without_answers_the_guesses_are_listed(file):
    figures = json.loads(run(file("text\nthe printer is jammed\nno hay wifi\n"), "--json"))
    assert figures["lines"] == 2
    assert figures["guesses"][0]["category"] == "printing"


def test_without_json_people_can_read_it(file):
    assert "category among three" in run(UNSEEN)
    assert "printing" in run(file("text\nthe printer is jammed\n"))


def test_a_byte_order_mark_is_no_part_of_the_first_column(file):
    assert json.loads(run(file(b"\xef\xbb\xbftext\nprinter jam\n"), "--json"))["lines"] == 1


def test_a_line_without_words_still_gets_a_guess(file):
    assert json.loads(run(file('text,note\n"",x\n'), "--json"))["lines"] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "has no lines"),
        ("text\n", "has no lines"),
        ("words,tier\nprinter jam,1\n", "has no column text"),
        ("text,category,tier,kind\njam,printing,9,printing\n", "Line 1 has the tier '9'"),
        ("text,category,tier,kind\njam,printing\n", "Line 1 has the tier ''"),
        (b"text\n\xff\xfe\x00\n", "no CSV file in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(file, content, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(file(content), "--json")


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv")
