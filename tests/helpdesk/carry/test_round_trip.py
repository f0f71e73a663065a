"""What is carried out and in again is the same, byte for byte; what is no set-up stays at home."""

from datetime import time
from threading import Thread

import pytest
from django.db import connection

from helpdesk.carry import out
from helpdesk.carry.out import carry_out
from reservations.kiosks import kiosk_with
from reservations.models import Branch, Device, Kiosk, OpeningHours
from reservations.public import demo
from tests import factories as make
from tests.factories import NOW
from tests.helpdesk.carry.carried import NASTY, awkward_set_up, bring, carried, empty, entries, lines, small_set_up
from troubleshooting.models import Category, GuideStep, GuideVersion

pytestmark = pytest.mark.django_db


def test_the_demo_library_comes_back_byte_for_byte():
    demo.build_places(now=NOW)
    file = carry_out()
    assert len(lines(file, "devices.csv")) == 1 + Device.objects.count() > 50
    assert carried(file) == file


def test_awkward_texts_hours_and_orders_come_back_byte_for_byte():
    awkward_set_up()
    file = carry_out()
    assert carried(file) == file


def test_every_value_is_the_same_and_not_only_its_text():
    awkward_set_up()
    before = {(row.branch.name, row.label): _values(row) for row in Device.objects.exclude(retired_on=None)}
    hours = sorted(OpeningHours.objects.values_list("branch__slug", "weekday", "opens", "closes"))
    steps = _steps()
    carried(carry_out())
    assert {(r.branch.name, r.label): _values(r) for r in Device.objects.exclude(retired_on=None)} == before
    assert sorted(OpeningHours.objects.values_list("branch__slug", "weekday", "opens", "closes")) == hours
    assert _steps() == steps
    assert Branch.objects.filter(name=NASTY).exists()


def _steps():
    live = GuideStep.objects.filter(version__is_live=True, version__category__code="printing")
    return list(live.values_list("key", "position", "picture", "patron", "yes", "no", "texts"))


def test_a_guide_comes_in_as_the_one_in_use_without_its_drafts_and_older_versions():
    awkward_set_up()
    number = GuideVersion.objects.get(is_live=True, category__code="printing").number
    carried(carry_out())
    version = GuideVersion.objects.get(category__code="printing")
    assert (version.number, version.is_live, version.published_at, version.by_kind) == (number, True, NOW, "system")


def _values(device):
    return device.place, device.features, device.lacks, device.position, device.retired_on


def test_the_order_of_a_room_stays_where_positions_are_equal():
    awkward_set_up()
    carried(carry_out())
    assert [device.label for device in Device.objects.filter(branch__slug="first", retired_on=None)] == ["9", "10", "2"]


def test_hours_after_midnight_come_back_as_they_are():
    awkward_set_up()
    carried(carry_out())
    friday = OpeningHours.objects.get(branch__slug="night", weekday=4)
    assert (friday.opens, friday.closes) == (time(20), time(2))


def test_no_cell_begins_like_a_formula():
    awkward_set_up()
    file = carry_out()
    cells = [cell for name in entries(file) if name.endswith(".csv") for line in lines(file, name) for cell in line]
    assert [cell for cell in cells if cell.strip()[:1] in set("=+-@＝＋－＠")] == []


def test_a_category_that_managers_removed_does_not_come_back_and_a_shipped_one_keeps_their_words():
    Category.objects.filter(code="wifi").delete()
    Category.objects.filter(code="printing").update(name="Paper")
    file = carry_out()
    empty()
    make.make_category("wifi")
    make.make_category("printing")
    bring(file)
    assert not Category.objects.filter(code="wifi").exists()
    assert Category.objects.get(code="printing").name == "Paper"


def test_no_secret_of_a_kiosk_leaves_and_an_imported_kiosk_waits_to_be_paired():
    small_set_up()
    secret = Kiosk.objects.get().token_hash
    file = carry_out()
    assert secret.encode() not in file
    empty()
    bring(file)
    kiosk = Kiosk.objects.get()
    assert kiosk.revoked_at == kiosk.paired_at == NOW
    assert kiosk.token_hash != secret
    assert kiosk_with("kiosk-token") is None


def test_a_kiosk_that_was_revoked_is_not_carried():
    branch = small_set_up()
    make.make_kiosk(branch, "second", name="Gone", revoked_at=make.at(20))
    assert [line[1] for line in lines(carry_out(), "kiosks.csv")] == ["name", "Kiosk 1"]


def test_an_export_takes_the_same_number_of_queries_however_much_there_is(django_assert_max_num_queries):
    demo.build_places(now=NOW)
    with django_assert_max_num_queries(15):
        carry_out()


@pytest.mark.django_db(transaction=True)
def test_all_sheets_are_of_one_moment(monkeypatch):
    small_set_up()
    tables = out._table

    def add_meanwhile():
        make.make_branch(slug="late")
        connection.close()

    def slow(sheet, known):
        if sheet.key == "class_rules":
            thread = Thread(target=add_meanwhile)
            thread.start()
            thread.join()
        return tables(sheet, known)

    monkeypatch.setattr(out, "_table", slow)
    assert [line[0] for line in lines(carry_out(), "branches.csv")] == ["slug", "harbour"]
    assert Branch.objects.filter(slug="late").exists()


def test_a_number_that_two_devices_have_one_of_them_retired_comes_back():
    branch = make.make_branch()
    make.make_device(branch, label="1", retired_on=NOW.date())
    make.make_device(branch, label="1", device_class=Device.objects.get().device_class)
    file = carry_out()
    assert carried(file) == file
    assert Device.objects.filter(label="1").count() == 2
