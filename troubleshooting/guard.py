"""A form that asks before it saves what looks like a person's number or address: take it out, or save it as it is."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.library_system import LibrarySystem
from helpdesk.personal import Piece, pieces, without

OUT = "out"  # the answer that takes everything out; the other one is the mark of what was shown
KINDS: dict[str, Promise] = {
    "card": _("Card number"),
    "phone": _("Phone number"),
    "email": _("E-mail address"),
}
ASKED = _("These words look as if they hold something of a person. Take it out, or save it as it is.")


class GuardedForm(forms.Form):
    """Comes back once where a text of `guarded` looks personal; the words stay.

    `warned` names each piece, `left` is what would be saved without them, `mark` the answer "as it is", which holds
    for these pieces only; `kept` is that answer where it was given.
    """

    guarded: ClassVar[tuple[str, ...]] = ("text",)
    personal = forms.CharField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.warned: list[tuple[Promise, str]] = []
        self.left = self.mark = self.kept = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = data.pop("personal", "")
        texts = {name: data[name] for name in self.guarded if data.get(name)}
        found = [piece for text in texts.values() for piece in pieces(text, own_shape())]
        if not found:
            return data
        clean = {name: without(text, own_shape()) for name, text in texts.items()}
        self.mark = _mark(found)
        if given == OUT:
            data.update(clean)
            self.data = {**self.data.dict(), **{self.add_prefix(name): text for name, text in clean.items()}}  # type: ignore[attr-defined]
        elif given == self.mark:
            self.kept = given
        else:
            self.warned = [(KINDS[piece.kind], piece.text) for piece in found]
            self.left = "\n".join(clean.values())
            self.add_error("personal", ASKED)
        return data


def own_shape() -> "re.Pattern[str] | None":
    """Return how the library's own card numbers look, None where it has not said so (SIP2_CARD_SHAPE)."""
    shape: re.Pattern[str] = settings.LIBRARY_SYSTEM.card_shape
    return None if shape == LibrarySystem.card_shape else shape


def _mark(found: Iterable[Piece]) -> str:
    shown = "\n".join(f"{piece.kind} {piece.text}" for piece in found)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
