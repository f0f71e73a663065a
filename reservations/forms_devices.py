"""Forms of the set-up of rooms: an area, a class of devices, a device, a file of devices."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk import names
from reservations.forms_seen import SeenForm
from reservations.models import Area, Branch, Device, DeviceClass
from reservations.models.devices import EVERY_SEAT, DeviceKind
from reservations.needs import NEEDS
from reservations.rules.facts import ACCESS
from reservations.set_up.classes import ClassSaid
from reservations.set_up.devices import DeviceSaid

LABEL_LENGTH, NAME_LENGTH, PLACE_LENGTH, FEATURE_LENGTH = 20, 60, 80, 30  # as the models have them
MOST_OTHERS = 10
PLAIN = re.compile(r"[A-Za-z0-9 -]*")  # what stays in a feature's code
LISTED = gettext_lazy("Choose one of the list.")
NO_FILE = gettext_lazy("Choose a file that ends in .csv, of at most 256 KB.")
EQUIPMENT = [need for need in NEEDS if need not in ACCESS | EVERY_SEAT]


def words_field(label: Any, most: int, **options: Any) -> forms.CharField:
    """Return a field for a few words, at most so many characters."""
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[names.visible],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": options.pop("empty", gettext_lazy("Type a name.")),
            "max_length": gettext_lazy("This has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
            "null_characters_not_allowed": gettext_lazy("This holds characters that cannot be kept. Type it again."),
        },
        **options,
    )


def label_field() -> forms.CharField:
    """Return the field for what a device is called."""
    return words_field(
        gettext_lazy("Number or name"),
        LABEL_LENGTH,
        empty=gettext_lazy("Type the number on the seat, or the name of the machine."),
        help_text=gettext_lazy("The number on the seat, or “Printer 1”"),
    )


def choice_errors() -> dict[str, Any]:
    """Return what is said of a choice that is not among the shown."""
    return {"required": LISTED, "invalid_choice": LISTED, "invalid_list": LISTED, "invalid_pk_value": LISTED}


class AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the areas of a branch, by its name alone."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AreaForm(SeenForm):
    """A part of the room: its name, and a hint beside it on the board."""

    name = words_field(gettext_lazy("Name of the area"), NAME_LENGTH)
    hint = words_field(
        gettext_lazy("Hint"), NAME_LENGTH, required=False, help_text=gettext_lazy("Beside the name: “1 hour”")
    )

    @classmethod
    def of(cls, area: Area) -> "AreaForm":
        """Return the form of an area that is there."""
        form = cls(initial={"name": area.name, "hint": area.hint}, auto_id=f"area-{area.pk}-%s")
        form.starts_from(area)
        return form


class ClassForm(SeenForm):
    """A class of devices: what it is called, what it is made of, whether patrons book it."""

    name = words_field(gettext_lazy("Name"), NAME_LENGTH, help_text=gettext_lazy("“Internet computer”, “Quick stop”"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=DeviceKind.choices, error_messages=choice_errors()
    )
    bookable = forms.BooleanField(
        label=gettext_lazy("Patrons book it and use it by the minute"), required=False, initial=True
    )

    @classmethod
    def of(cls, kind: DeviceClass) -> "ClassForm":
        """Return the form of a class that is there."""
        form = cls(initial={"name": kind.name, "kind": kind.kind, "bookable": kind.bookable})
        form.starts_from(kind)
        return form

    def said(self) -> ClassSaid:
        """Return what the form says."""
        return ClassSaid(**self.values)


class DeviceForm(SeenForm):
    """A device of one branch: number or name, class, area, the words for its place, what it has."""

    label = label_field()
    device_class = forms.ModelChoiceField(
        DeviceClass.objects.none(),
        label=pgettext_lazy("a class of devices", "Class"),
        empty_label=gettext_lazy("Choose a class"),
        error_messages=choice_errors(),
    )
    area = AreaField(
        Area.objects.none(),
        label=gettext_lazy("Area"),
        required=False,
        empty_label=gettext_lazy("no area"),
        error_messages=choice_errors(),
    )
    place = words_field(
        gettext_lazy("Where it stands"),
        PLACE_LENGTH,
        required=False,
        help_text=gettext_lazy("People read it on the way to the seat: “by the window”"),
    )
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Easy access"),
        required=False,
        choices=[(need, NEEDS[need]) for need in NEEDS if need in ACCESS],
        widget=forms.CheckboxSelectMultiple,
        error_messages=choice_errors(),
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment"),
        required=False,
        choices=[(need, NEEDS[need]) for need in EQUIPMENT],
        widget=forms.CheckboxSelectMultiple,
        error_messages=choice_errors(),
    )
    others = words_field(
        gettext_lazy("What else it has"),
        200,
        required=False,
        help_text=gettext_lazy("Words with commas between them. Every computer prints and has sound."),
    )

    def __init__(self, data: Any = None, *, branch: Branch, device: Device | None = None, **chosen: Any) -> None:
        """`chosen` is what stands in the fields of a new device to begin with."""
        super().__init__(data, initial=_initial(device) if device else chosen)
        self.starts_from(device)
        kind, area = self.fields["device_class"], self.fields["area"]
        assert isinstance(kind, forms.ModelChoiceField)
        assert isinstance(area, forms.ModelChoiceField)
        kind.queryset = DeviceClass.objects.order_by("name", "pk")
        area.queryset = Area.objects.filter(branch=branch)

    def clean_others(self) -> frozenset[str]:
        words = [word.strip() for word in self.cleaned_data["others"].split(",")]
        other = next((word for word in words if not PLAIN.fullmatch(word)), None)
        if other:
            sentence = _("Use the letters a to z, digits, blanks and hyphens: “%(word)s” has other characters.")
            raise ValidationError(sentence, "characters", {"word": other})
        found = frozenset(slugify(word) for word in words if word)
        if "" in found or len(found) > MOST_OTHERS or any(len(each) > FEATURE_LENGTH for each in found):
            raise ValidationError(_("Type at most 10 short words, separated by commas."), "others")
        return found

    def said(self) -> DeviceSaid:
        """Return what the form says."""
        data = self.cleaned_data
        has = frozenset(data["access"]) | frozenset(data["equipment"]) | data["others"]
        return DeviceSaid(data["label"], data["device_class"], data["area"], data["place"], has - EVERY_SEAT)


def _initial(device: Device) -> dict[str, Any]:
    others = [feature.replace("-", " ") for feature in device.features if feature not in NEEDS]
    return {
        "label": device.label,
        "device_class": device.device_class_id,
        "area": device.area_id,
        "place": device.place,
        "access": device.features,
        "equipment": device.features,
        "others": ", ".join(others),
    }


class BackForm(forms.Form):
    """What a retired device is called from now on, whose number or name another one has by now."""

    label = label_field()

    def __init__(self, data: Any = None, *, device: Device) -> None:
        super().__init__(data, initial={"label": device.label})


class MoveBranchForm(forms.Form):
    """The other branch to which a device goes."""

    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=gettext_lazy("Branch"), empty_label=None, error_messages=choice_errors()
    )

    def __init__(self, data: Any = None, *, device: Device) -> None:
        super().__init__(data)
        field = self.fields["branch"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Branch.objects.exclude(pk=device.branch_id).order_by("position", "pk")


class DeviceFileForm(forms.Form):
    """A file of devices."""

    file = forms.FileField(
        label=gettext_lazy("File of devices"),
        help_text=gettext_lazy("CSV with the columns label, class, area, place, has"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={
            **dict.fromkeys(("required", "invalid", "missing"), NO_FILE),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )
