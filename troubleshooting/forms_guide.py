"""The form of one step of a guide: its words in every language side by side, its picture, where answers lead."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from troubleshooting.fields import WordsField
from troubleshooting.guides.editing import Written
from troubleshooting.guides.pictures import picture_names
from troubleshooting.guides.shape import ASK_LIMIT, DESK, DO_LIMIT, SOLVED
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import GuideStep

TOO_LONG = _("The text has %(show_value)s characters. %(limit_value)s fit: make it shorter.")
SHOWN_ONLY = _("Choose one of the shown.")


def _words(label: Any, limit: int, rows: int, language: str) -> WordsField:
    widget = forms.Textarea({"rows": rows, "lang": language})
    return WordsField(
        label=label, max_length=limit, required=False, widget=widget, error_messages={"max_length": TOO_LONG}
    )


class StepForm(forms.Form):
    """A step may be saved unfinished; publishing says what is missing."""

    patron = forms.BooleanField(
        label=_("A patron may do it alone"),
        required=False,
        help_text=_("Where Yes means that it is solved, the kiosk offers it."),
    )
    yes = forms.ChoiceField(label=_("After Yes"), error_messages={"invalid_choice": SHOWN_ONLY})
    no = forms.ChoiceField(label=_("After No"), error_messages={"invalid_choice": SHOWN_ONLY})
    picture = forms.ChoiceField(
        label=_("Picture"), required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": SHOWN_ONLY}
    )
    changes = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, targets: Mapping[str, str], step: GuideStep | None = None, **options: Any) -> None:
        options.setdefault("initial", _initial(step))
        super().__init__(*args, **options)
        self.step = step
        for code, name in settings.LANGUAGES:
            self.fields[f"do_{code}"] = _words(_("What to do (%(language)s)") % {"language": name}, DO_LIMIT, 3, code)
            self.fields[f"ask_{code}"] = _words(
                _("What to ask (%(language)s)") % {"language": name}, ASK_LIMIT, 2, code
            )
        mine = {step.yes: step.yes, step.no: step.no} if step else {}
        choices = {key: name for key, name in {**mine, **targets}.items() if step is None or key != step.key}
        self._offer("yes", choices)
        self._offer("no", choices)
        kept = [step.picture] if step and step.picture not in ("", *picture_names()) else []
        self._offer("picture", {"": _("No picture"), **{name: name for name in (*kept, *picture_names())}})

    def _offer(self, name: str, choices: Mapping[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items())

    @property
    def words(self) -> list[tuple[Any, Any]]:
        """The fields of each language: what to do, what to ask."""
        return [(self[f"do_{code}"], self[f"ask_{code}"]) for code, _name in settings.LANGUAGES]

    def written(self) -> Written:
        """Return what the verbs are told; a language without a word is left out."""
        data = self.cleaned_data
        texts = {code: {"do": data[f"do_{code}"], "ask": data[f"ask_{code}"]} for code, _name in settings.LANGUAGES}
        said = {code: text for code, text in texts.items() if text["do"] or text["ask"]}
        others = {code: text for code, text in (self.step.texts if self.step else {}).items() if code not in texts}
        return Written({**others, **said}, data["picture"], data["patron"], data["yes"], data["no"])

    def refuse(self, refused: TicketRefused) -> None:
        """Say why nothing was saved. The words stay, and saving again puts them in the place of what is there now."""
        self.add_error(None, refused.sentence)
        if self.step:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["changes"] = str(self.step.changes)  # type: ignore[index]


def _initial(step: GuideStep | None) -> dict[str, Any]:
    if step is None:
        return {"yes": SOLVED, "no": DESK, "picture": ""}
    texts = {f"{name}_{code}": said for code, text in step.texts.items() for name, said in text.items()}
    kept = {name: getattr(step, name) for name in ("patron", "yes", "no", "picture", "changes")}
    return {**kept, **texts}
