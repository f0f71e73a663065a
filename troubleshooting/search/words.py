"""The words of a search as they are typed: in small letters without accents. Pure."""

import re
import unicodedata

WORDS_READ = 8  # of a search; more words do not find more
LETTERS_READ = 40  # of one word
LETTERS = "abcdefghijklmnopqrstuvwxyz"

WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Return `text` in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def typed(text: str, *, most: int = WORDS_READ) -> list[str]:
    """Return the first `most` words and numbers of `text`, plain, each once, in their order."""
    found = (plain(word)[:LETTERS_READ] for word in WORD.findall(text))
    return list(dict.fromkeys(word for word in found if word))[:most]


def near(word: str) -> set[str]:
    """Return what differs from `word` by one letter left out, put in, changed, or by two that changed places."""
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = {head + tail[1:] for head, tail in splits if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in splits if tail for letter in LETTERS}
    put_in = {head + letter + tail for head, tail in splits for letter in LETTERS}
    return (left_out | swapped | changed | put_in) - {word, ""}


def apart(one: str, other: str) -> int:
    """Return how many letters must be left out, put in, changed or swapped to get from `one` to `other`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        last, before, row = before, row, [place]
        for column, against in enumerate(other, start=1):
            steps = min(row[-1] + 1, before[column] + 1, before[column - 1] + (letter != against))
            swap = column > 1 and place > 1 and letter == other[column - 2] and one[place - 2] == against
            row.append(min(steps, last[column - 2] + 1) if swap else steps)
    return row[-1]


def shared(word: str, stem: str) -> str:
    """Return the letters that `word` and `stem` begin with alike."""
    many = next(
        (place for place, (a, b) in enumerate(zip(word, stem, strict=False)) if a != b), min(len(word), len(stem))
    )
    return word[:many]


def runs(text: str) -> list[tuple[int, int]]:
    """Return where each word of `text` begins and ends."""
    return [match.span() for match in WORD.finditer(text)]
