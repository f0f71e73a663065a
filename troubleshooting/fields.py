"""Form fields of this app: words with something to see in them, the version that a page showed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from troubleshooting.lifecycle.words import is_blank

UNSEEN = -1  # no question has this version


class WordsField(forms.CharField):
    """Text from people; one in which nothing can be seen is empty."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if is_blank(text) else text


class VersionField(forms.IntegerField):
    """The version of the question that the page showed; a page that shows none is an old one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        try:
            version: int | None = super().clean(value)
        except ValidationError:
            return UNSEEN
        return UNSEEN if version is None else version
