"""The set-up pages of rooms, classes and devices: forms that refuse in words, fragments, files, constant queries."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reservations.models import Area, Device, DeviceClass
from tests import factories as make
from tests.factories import at
from tests.reservations.set_up.managing import manager_client, order, seat, two_areas

pytestmark = pytest.mark.django_db
RAW = ("Ensure this", "This field is required", "already exists", "Null characters", "Select a valid")


@pytest.fixture
def branch():
    return make.make_branch(slug="harbour", name="Harbour")


@pytest.fixture
def manager():
    return manager_client()


def page(answer, status=200):
    assert answer.status_code == status
    found = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode())
    assert not [raw for raw in RAW if raw in found]
    return found


def post(manager, url, /, *args, status=422, **sent):
    return page(manager.post(reverse(url, args=args), sent), status)


def form_of(device, **changed):
    values = {"label": device.label, "device_class": device.device_class_id, "area": device.area_id or ""}
    return {**values, "place": device.place, "others": "", **changed}


def test_an_arrow_answers_the_room_and_says_the_new_place(manager, branch):
    two_areas(branch)
    one = seat(branch, "1")
    answer = manager.post(
        reverse("room-move", args=["harbour"]), {"device-down": one.pk}, headers={"HX-Request": "true"}
    )
    found = page(answer)
    assert found.lstrip().startswith('<div class="room" id="room">')
    assert '<p id="room-said" hx-swap-oob="innerHTML">Seat 1, now 2 of 3 in Window row</p>' in found


def test_without_scripts_the_pressed_arrow_has_the_focus(manager, branch):
    two_areas(branch)
    one = seat(branch, "1")
    answer = manager.post(reverse("room-move", args=["harbour"]), {"device-down": one.pk}, follow=True)
    found = page(answer)
    assert "Seat 1, now 2 of 3 in Window row" in found
    assert f'id="device-down-{one.pk}" autofocus' in found


def test_the_fragment_is_the_same_element_as_on_the_page(manager, branch):
    two_areas(branch)
    whole = page(manager.get(reverse("room", args=["harbour"])))
    part = page(manager.get(reverse("room", args=["harbour"]), headers={"HX-Request": "true"}))
    assert part.strip() in whole


@pytest.mark.parametrize("sent", [{}, {"device-down": "x"}, {"device-sideways": "1"}, {"area-up": "9" * 30}])
def test_a_press_that_means_nothing_changes_nothing(manager, branch, sent):
    two_areas(branch)
    before = order(branch)
    assert manager.post(reverse("room-move", args=["harbour"]), sent).status_code == 302
    assert order(branch) == before


def test_a_device_that_left_meanwhile_is_a_sentence(manager, branch):
    assert "not in this room any more" in post(manager, "room-move", "harbour", **{"device-up": "1"})


def test_areas_are_added_renamed_and_removed(manager, branch):
    post(manager, "area-add", "harbour", name="Studio", hint="editing", status=302)
    area = Area.objects.get(name="Studio")
    post(manager, "area-change", area.pk, name="Media room", hint="", status=302)
    assert Area.objects.get().name == "Media room"
    post(manager, "area-remove", area.pk, status=302)
    assert not Area.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b", "Long table", "long TABLE", "\u200b", "Row\u202e"])
def test_an_area_without_a_name_of_its_own_is_refused_at_its_field(manager, branch, name):
    first, _second = two_areas(branch)
    for url, args in (("area-add", ["harbour"]), ("area-change", [first.pk])):
        assert 'aria-invalid="true"' in post(manager, url, *args, name=name, hint="")


def test_a_class_is_added_changed_and_removed(manager):
    post(manager, "class-add", name="Quick stop", kind="computer", bookable="on", status=302)
    kind = DeviceClass.objects.get()
    post(manager, "class-save", kind.pk, name="Express", kind="printer", status=302)
    assert (DeviceClass.objects.get().name, DeviceClass.objects.get().bookable) == ("Express", False)
    post(manager, "class-remove", kind.pk, status=302)
    assert not DeviceClass.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"name": ""}, {"kind": "toaster"}, {"kind": "printer"}, {"name": "Taken"}, {"name": "a\x00b"}]
)
def test_a_class_that_cannot_be_is_refused_at_its_field(manager, sent):
    make.make_class(name="Taken")
    values = {"name": "Quick stop", "kind": "computer", "bookable": "on", **sent}
    assert 'aria-invalid="true"' in post(manager, "class-add", **values)
    kind = make.make_class()
    assert 'aria-invalid="true"' in post(manager, "class-save", kind.pk, **values)


def test_a_class_in_use_says_what_depends_on_it(manager, branch):
    device = make.make_device(branch)
    assert "1 device" in page(manager.get(reverse("class", args=[device.device_class_id])))
    assert "This class is in use: 1 device." in post(manager, "class-remove", device.device_class_id)


def test_a_device_is_added_with_what_it_has(manager, branch):
    area, kind = make.make_area(branch), make.make_class()
    sent = {"label": " 7 ", "device_class": kind.pk, "area": area.pk, "place": "by the door"}
    sent |= {"access": ["screen-reader"], "equipment": ["headset", "scanner"], "others": "By the Window, fax"}
    post(manager, "device-add", "harbour", status=302, **sent)
    device = Device.objects.get()
    assert (device.label, device.area, device.place) == ("7", area, "by the door")
    assert device.features == ["by-the-window", "fax", "headset", "scanner", "screen-reader"]


def test_the_class_of_a_new_device_is_asked_for_in_words(manager, branch):
    said = page(manager.get(reverse("device-new", args=["harbour"])))
    assert "Choose a class" in said
    assert "---------" not in said


def test_adding_one_more_opens_the_form_again(manager, branch):
    sent = {"label": "7", "device_class": make.make_class().pk, "do": "next"}
    answer = manager.post(reverse("device-add", args=["harbour"]), sent)
    assert answer.headers["Location"].startswith(reverse("device-new", args=["harbour"]))


def test_a_form_that_is_saved_as_it_was_shown_changes_nothing(manager, branch):
    device = make.make_device(branch, features=["by-the-window", "headset", "screen-reader"], place="here")
    shown = manager.get(reverse("device", args=[device.pk])).context["form"]
    sent = {name: shown.get_initial_for_field(field, name) or "" for name, field in shown.fields.items()}
    for name in ("access", "equipment"):
        known = [code for code, _words in shown.fields[name].choices]
        sent[name] = [feature for feature in sent[name] if feature in known]
    before = Device.objects.values().get()
    post(manager, "device-save", device.pk, status=302, **sent)
    after = Device.objects.values().get()
    assert {**after, "position": 0} == {**before, "position": 0}


@pytest.mark.parametrize(
    "changed",
    [
        {"label": ""},
        {"label": "x" * 21},
        {"label": "8"},
        {"device_class": ""},
        {"device_class": "9" * 30},
        {"area": "0"},
        {"area": "x"},
        {"place": "x" * 81},
        {"others": ",".join("abcdefghijk")},
        {"others": "???"},
        {"others": "<b>x</b>"},
        {"others": "cámara"},
        {"label": "\u200b\u200b"},
    ],
)
def test_a_device_that_cannot_be_is_refused_at_its_field(manager, branch, changed):
    make.make_device(branch, label="8")
    device = make.make_device(branch, label="7")
    assert 'aria-invalid="true"' in post(manager, "device-save", device.pk, **form_of(device, **changed))
    assert Device.objects.get(pk=device.pk).label == "7"


@pytest.mark.parametrize("field", ["access", "equipment"])
def test_what_nobody_knows_is_refused(manager, branch, field):
    device = make.make_device(branch)
    assert "Choose one of the list." in post(
        manager, "device-save", device.pk, **form_of(device, **{field: ["toaster"]})
    )


def test_a_booked_seat_says_why_its_class_stays(manager, branch):
    device = make.make_device(branch)
    make.make_booking(device, at(16, day=30), at(17, day=30))
    sent = form_of(device, device_class=make.make_class().pk)
    assert "1 booking or outage stands on this device." in post(manager, "device-save", device.pk, **sent)


def test_a_device_goes_to_another_branch(manager, branch):
    device, other = make.make_device(branch, area=make.make_area(branch)), make.make_branch()
    post(manager, "device-move", device.pk, branch=other.pk, status=302)
    device.refresh_from_db()
    assert (device.branch, device.area) == (other, None)


def test_a_branch_that_has_its_label_refuses_it(manager, branch):
    device, other = make.make_device(branch, label="7"), make.make_branch()
    make.make_device(other, label="7")
    assert "This branch has a device with this number" in post(manager, "device-move", device.pk, branch=other.pk)


def test_a_device_is_retired_as_it_was_shown_and_brought_back(manager, branch):
    device, other = make.make_device(branch, label="7"), make.make_device(branch, label="8")
    make.make_booking(device, at(16, day=30), at(17, day=30), number="D41")
    shown = manager.get(reverse("device-retire", args=[device.pk]))
    assert "D41" in page(shown)
    assert "Seat 8" in page(shown)
    post(manager, "device-retired", device.pk, seen=shown.context["seen"], status=302)
    listed = manager.get(reverse("devices-branch", args=["harbour"])).context
    assert (listed["devices"], list(listed["retired"])) == ([other], [device])
    assert "Bring back" in page(manager.get(reverse("device", args=[device.pk])))
    post(manager, "device-return", device.pk, status=302)
    assert Device.objects.get(pk=device.pk).retired_on is None


def test_a_booking_that_was_not_shown_is_shown_first(manager, branch):
    device = make.make_device(branch)
    make.make_booking(device, at(16, day=30), at(17, day=30), number="D41")
    found = post(manager, "device-retired", device.pk, seen="x ² 0")
    assert "Something has changed since this was shown." in found
    assert "D41" in found


@pytest.mark.parametrize(
    ("sought", "found"), [("7", ["7"]), ("studio", ["8"]), ("express", ["7"]), ("door", ["8"]), ("", ["7", "8"])]
)
def test_devices_are_found_by_number_place_class_and_area(manager, branch, sought, found):
    make.make_device(branch, label="7", kind=make.make_class(name="Express"))
    make.make_device(branch, label="8", area=make.make_area(branch, "Studio"), place="by the door")
    context = manager.get(reverse("devices-branch", args=["harbour"]), {"q": sought}).context
    assert sorted(device.label for device in context["devices"]) == found


@pytest.mark.parametrize("sought", ["\x00", "%", "x" * 500, "<b>"])
def test_odd_searches_are_answered(manager, branch, sought):
    make.make_device(branch)
    assert "<b>x" not in page(manager.get(reverse("devices-branch", args=["harbour"]), {"q": sought}))


def test_an_empty_system_says_what_comes_first(manager):
    assert "No branch yet" in page(manager.get(reverse("rooms"), follow=True))


def upload(manager, content, status=200):
    file = SimpleUploadedFile("devices.csv", content.encode())
    return manager.post(reverse("device-file-read", args=["harbour"]), {"file": file})


def test_a_file_is_shown_then_saved(manager, branch):
    make.make_class(code="internet", name="Internet computer")
    shown = upload(manager, "label;class;area\r\n7;internet;Studio\r\n8;internet;Studio\r\n=1;internet;\r\n")
    assert "1 line is refused" in page(shown)
    assert not Device.objects.exists()
    text = shown.context["text"].replace("\n", "\r\n")  # as a browser sends it
    post(manager, "device-file-save", "harbour", text=text, seen=shown.context["plan"].seen, status=302)
    assert order(branch) == {"Studio": ["7", "8"]}


def test_a_file_that_would_do_something_else_by_now_is_shown_again(manager, branch):
    make.make_class(code="internet", name="Internet computer")
    found = post(manager, "device-file-save", "harbour", text="label,class\n7,internet", seen="0")
    assert "Something has changed since this was shown." in found
    assert "1 device is new." in found


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "x" * 300_000])
def test_a_sent_file_that_cannot_be_read_is_a_sentence(manager, branch, text):
    assert 'class="refuse"' in post(manager, "device-file-save", "harbour", text=text, seen="0")


@pytest.mark.parametrize("content", ["a,b\n1,2", "label\n" + "x" * 300_000, "label"])
def test_an_uploaded_file_that_cannot_be_read_is_refused_at_its_field(manager, branch, content):
    assert 'aria-invalid="true"' in page(upload(manager, content), 422)


def test_no_file_is_a_sentence(manager, branch):
    assert "Choose a file that ends in .csv" in post(manager, "device-file-read", "harbour")
    empty = SimpleUploadedFile("devices.csv", b"")
    assert "This file is empty. Choose another one." in post(manager, "device-file-read", "harbour", file=empty)


def test_the_file_of_a_branch_reads_back_as_it_is(manager, branch):
    make.make_device(branch, label="7", area=make.make_area(branch, "Étage, 1"), features=["headset", "by-the-door"])
    content = manager.get(reverse("device-file-csv", args=["harbour"])).content.decode()
    assert upload(manager, content).context["plan"].same == 1


def test_the_file_of_an_empty_branch_shows_how_a_line_looks(manager, branch):
    content = manager.get(reverse("device-file-csv", args=["harbour"])).content.decode("utf-8-sig")
    assert content.splitlines()[0] == "label,class,area,place,has"
    assert len(content.splitlines()) == 2


def test_words_of_people_are_shown_as_text(manager, branch):
    evil = "<script>x</script>"
    area = make.make_area(branch, evil)
    kind = make.make_class(name=evil)
    device = make.make_device(branch, label="<b>7", area=area, kind=kind, place=evil, features=["<i>"])
    addresses = [reverse("room", args=["harbour"]), reverse("classes"), reverse("class", args=[kind.pk])]
    addresses += [reverse("devices"), reverse("device", args=[device.pk]), reverse("device-retire", args=[device.pk])]
    for address in addresses:
        found = page(manager.get(address))
        assert "<script>x" not in found
        assert "<b>7" not in found


@pytest.mark.parametrize("name", ["room", "devices-branch", "classes", "device-file"])
def test_a_page_takes_as_many_queries_for_more_rows(
    manager, branch, name, django_assert_num_queries, django_assert_max_num_queries
):
    two_areas(branch)
    address = reverse(name, args=[] if name == "classes" else ["harbour"])
    manager.get(address)
    with django_assert_max_num_queries(9) as few:
        manager.get(address)
    for number in range(20):
        area = make.make_area(branch, f"Area {number}")
        make.make_device(branch, area=area, kind=make.make_class(), features=["headset"], lacks=["sound"])
    with django_assert_num_queries(len(few)):
        manager.get(address)


def retired_twin(branch):
    """Return a retired seat 1 beside a seat 1 that stands in the room."""
    gone = make.make_device(branch, label="1", retired_on=at(9).date())
    make.make_device(branch, label="1", device_class=gone.device_class)
    return gone


def test_a_retired_device_whose_number_is_taken_comes_back_under_another(manager, branch):
    gone = retired_twin(branch)
    shown = page(manager.get(reverse("device", args=[gone.pk])))
    assert 'name="label" value="1"' in shown
    refused = post(manager, "device-return", gone.pk)  # as the button of the list sends it
    assert 'aria-invalid="true"' in refused
    assert "Choose another one" in refused
    post(manager, "device-return", gone.pk, label="1b", status=302)
    gone.refresh_from_db()
    assert (gone.label, gone.retired_on) == ("1b", None)


def test_a_device_without_a_number_does_not_come_back(manager, branch):
    assert 'aria-invalid="true"' in post(manager, "device-return", retired_twin(branch).pk, label="")


def test_a_retired_device_whose_number_is_free_is_asked_for_none(manager, branch):
    gone = make.make_device(branch, label="1", retired_on=at(9).date())
    assert 'name="label"' not in page(manager.get(reverse("device", args=[gone.pk])))


def test_one_more_device_begins_with_the_class_and_area_of_the_last(manager, branch):
    _first, second = two_areas(branch)
    kind = make.make_class(code="express", name="Quick stop")
    sent = {"label": "9", "device_class": kind.pk, "area": second.pk, "place": "", "others": "", "do": "next"}
    answer = manager.post(reverse("device-add", args=["harbour"]), sent, follow=True)
    found = page(answer)
    assert f'<option value="{kind.pk}" selected>' in found
    assert f'<option value="{second.pk}" selected>' in found


@pytest.mark.parametrize("sent", ["x", "9" * 30, "\x00", ""])
def test_a_class_and_area_that_an_address_makes_up_are_none(manager, branch, sent):
    found = page(manager.get(reverse("device-new", args=["harbour"]), {"class": sent, "area": sent}))
    assert "<form" in found


def test_moving_to_another_branch_says_before_and_after_that_the_area_stays_behind(manager, branch):
    two_areas(branch)
    there = make.make_branch(slug="hill", name="Hill")
    one = seat(branch, "1")
    assert "The area Window row belongs to this branch" in page(manager.get(reverse("device", args=[one.pk])))
    answer = manager.post(reverse("device-move", args=[one.pk]), {"branch": there.pk}, follow=True)
    assert "Seat 1 stands in Hill now, in no area yet. Choose its area there." in page(answer)


def test_a_word_with_other_characters_is_not_changed_in_silence(manager, branch):
    device = make.make_device(branch, label="1")
    found = post(manager, "device-save", device.pk, **form_of(device, others="fax, <b>x</b>"))
    assert "“&lt;b&gt;x&lt;/b&gt;” has other characters" in found


def test_a_label_like_a_formula_comes_back_as_it_was(manager, branch):
    make.make_device(branch, label="=1+1", place="'quoted")
    answer = manager.get(reverse("device-file-csv", args=["harbour"]))
    assert "'=1+1" in answer.content.decode()
    read = manager.post(
        reverse("device-file-read", args=["harbour"]), {"file": SimpleUploadedFile("d.csv", answer.content)}
    )
    assert [(step.label, step.what) for step in read.context["plan"].steps] == [("=1+1", "same")]


def test_a_file_saved_twice_by_a_double_click_is_said_to_be_saved(manager, branch):
    make.make_class(code="internet")
    file = SimpleUploadedFile("d.csv", b"label,class\n1,internet\n2,internet")
    plan = manager.post(reverse("device-file-read", args=["harbour"]), {"file": file}).context
    sent = {"text": plan["text"], "seen": plan["plan"].seen}
    for said in ("2 devices are saved.", "Everything in this file is saved."):
        answer = manager.post(reverse("device-file-save", args=["harbour"]), sent, follow=True)
        assert said in page(answer)
