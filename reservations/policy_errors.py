"""What the form of a policy says of a value that cannot be: a sentence for each kind of field, with the next step."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model
from django.utils.translation import gettext as _

MOST = 10080  # minutes of a week, the greatest figure that a policy has
OLDEST = 130  # years of age: columns without a most of their own


class WarningsField(SimpleArrayField):
    """Minutes with commas between them; whatever is wrong with one, the sentence is about them all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(forms.IntegerField(min_value=1, max_value=120), max_length=5, **kwargs)

    def clean(self, value: Any) -> list[int]:
        try:
            return list(super().clean(value))
        except ValidationError as error:
            sentence = _("Type up to 5 whole numbers from 1 to 120, the longest first, with commas: 10, 5, 1.")
            raise ValidationError(sentence, code="warnings") from error


def speak_plainly(field: forms.Field, name: str, model: type[Model]) -> None:
    """Give `field`, of the column `name`, sentences in place of the framework's, and the bounds of its column."""
    codes: tuple[str, ...]
    if isinstance(field, forms.IntegerField):
        sentence = _bound(field, name, model)
        codes = ("required", "invalid", "min_value", "max_value")
    elif isinstance(field, forms.ChoiceField):
        sentence, codes = _("Choose one of the list."), ("required", "invalid_choice")
    else:
        sentence, codes = _text(field), ("max_length", "null_characters_not_allowed")
        field.error_messages["required"] = _("Type a name for the rules.")
    field.error_messages |= dict.fromkeys(codes, sentence)


def _bound(field: forms.IntegerField, name: str, model: type[Model]) -> str:
    """Hold a number to what its column takes, so that nothing beyond it is compared; return the sentence."""
    validators = model._meta.get_field(name).validators  # type: ignore[union-attr]
    low = max((each.limit_value for each in validators if isinstance(each, MinValueValidator)), default=0)
    high = min(each.limit_value for each in validators if isinstance(each, MaxValueValidator))
    high = OLDEST if high > MOST else high
    field.validators = [MinValueValidator(low), MaxValueValidator(high)]
    said = {"low": low, "high": high}
    if field.required:
        return _("Type a whole number from %(low)d to %(high)d.") % said
    return _("Type a whole number from %(low)d to %(high)d, or leave it empty.") % said


def _text(field: forms.Field) -> str:
    most = getattr(field, "max_length", None)
    return _("Type at most %(most)s letters, and no control characters.") % {"most": most}
