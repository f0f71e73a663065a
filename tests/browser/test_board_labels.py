"""Labels of up to twenty characters fit their tiles on the room board; the first area's name is seen however small."""

import pytest
from playwright.sync_api import expect

from reservations.models import Area
from tests import factories as make
from tests.browser.library import make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABELS = ("PC1", "PC-7", "WWW", "101", "Computer WXYZ 12345", "Laptop desk left 01")
OUTSIDE = """(part) => {
  const own = part.getBoundingClientRect(), tile = part.closest(".seat").getBoundingClientRect();
  return part.scrollWidth > part.clientWidth + 1 || own.right > tile.right || own.bottom > tile.bottom;
}"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("more", [0, 12])
def test_labels_fit_and_the_name_of_a_small_first_area_is_seen(open_page, width, height, more):
    branch = make_library(("Computer by the door", "2"))
    second = Area.objects.create(branch=branch, name="Reading hall", position=2)
    for label in (*LABELS, *map(str, range(200, 200 + more))):
        make.make_device(branch, label=label, area=second)
    page = open_page(width, height)
    sign_in(page, "desk", "/desk/")
    expect(page.locator(".seat")).to_have_count(8 + more)
    parts = page.locator(".seat :is(.seat__plate, .seat__name)").all()
    assert [part.inner_text() for part in parts if part.evaluate(OUTSIDE)] == []
    assert page.get_by_role("heading", name="Window row").bounding_box()["width"] > 60
