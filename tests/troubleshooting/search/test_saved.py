"""Searches that staff keep."""

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import element, freeze, signed_in, text_of
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import SavedView
from troubleshooting.privacy import purge_views
from troubleshooting.search.saved import save_view

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch(name="Harbour", slug="harbour")


def keep(client, **fields):
    return client.post(reverse("view-save"), {"name": "Jams", "q": "paper jam", **fields})


def make_view(owner, place=1, **fields):
    return SavedView.objects.create(
        **{"owner": owner, "name": f"View {place}", "query": "q=jam", "place": place, **fields}
    )


def test_a_search_is_kept_under_a_name_and_opens_with_one_tap(branch):
    client, user = signed_in(Role.DESK, branch)
    answer = keep(client, state="open", tier="1", since="2026-11-01")
    view = user.saved_views.get()
    assert (view.name, view.query) == ("Jams", "q=paper+jam&state=open&tier=1&since=2026-11-01")
    assert answer.headers["Location"] == f"/search/?{view.query}"
    assert f"/search/?{view.query.replace('&', '&amp;')}" in element(client.get(reverse("search")), "views")


def test_what_is_on_no_list_is_not_kept(branch):
    client, user = signed_in(Role.DESK, branch)
    keep(client, owner="1", order="secret", state="lost", before="5", ticked="1")
    assert not user.saved_views.exists()
    keep(client, owner="1", order="secret", before="5", ticked="1")
    assert user.saved_views.get().query == "q=paper+jam"


def test_a_view_is_its_owners_alone_unless_shared(branch):
    client, _user = signed_in(Role.DESK, branch)
    keep(client)
    keep(client, name="For all", shared="harbour")
    other = text_of(signed_in(Role.REFERENCE, branch)[0].get(reverse("search")))
    assert "For all" in other
    assert "Jams" not in other
    assert "For all" not in text_of(signed_in(Role.DESK, make_branch())[0].get(reverse("search")))


def test_it_is_shared_only_with_a_branch_where_one_works(branch):
    client, user = signed_in(Role.DESK, branch)
    assert keep(client, shared=make_branch().slug).status_code == 422
    assert not user.saved_views.exists()


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61])
def test_a_name_that_is_none_is_refused_in_words(branch, name):
    client, _user = signed_in(Role.DESK, branch)
    answer = keep(client, name=name)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, "keep")
    assert 'value="paper jam"' in element(answer, "keep")


def test_a_name_is_used_once(branch):
    client, user = signed_in(Role.DESK, branch)
    keep(client)
    answer = keep(client, q="other")
    assert answer.status_code == 422
    assert "You have a search with the name Jams." in text_of(answer)
    assert user.saved_views.count() == 1


def test_the_twenty_first_is_refused_with_the_way_out(branch):
    client, user = signed_in(Role.DESK, branch)
    for place in range(1, 21):
        make_view(user, place)
    answer = keep(client)
    assert answer.status_code == 422
    assert "Delete one first." in text_of(answer)


def test_a_place_that_became_free_is_used_again(branch):
    client, user = signed_in(Role.DESK, branch)
    for place in range(1, 21):
        make_view(user, place)
    user.saved_views.get(place=7).delete()
    assert keep(client).status_code == 302
    assert user.saved_views.get(name="Jams").place == 7


@pytest.mark.parametrize("fields", [{"q": "card 29990000000017"}, {"name": "call 555-123-4567"}])
def test_a_search_that_looks_personal_is_warned_about(branch, fields):
    client, user = signed_in(Role.DESK, branch)
    answer = keep(client, **fields)
    assert answer.status_code == 422
    assert "This looks personal" in text_of(answer)
    assert not user.saved_views.exists()
    keep(client, personal="out", **fields)
    assert "2999" not in user.saved_views.get().query
    assert "555" not in user.saved_views.get().name


def test_it_gets_another_name(branch):
    client, user = signed_in(Role.DESK, branch)
    view = make_view(user)
    assert client.post(reverse("view-rename", args=[view.pk]), {"name": " Paper  jams "}).status_code == 302
    view.refresh_from_db()
    assert view.name == "Paper jams"


def test_another_name_that_is_taken_is_refused_and_kept_in_the_form(branch):
    client, user = signed_in(Role.DESK, branch)
    make_view(user, 1, name="Taken")
    view = make_view(user, 2)
    answer = client.post(reverse("view-rename", args=[view.pk]), {"name": "Taken"})
    assert answer.status_code == 422
    assert "You have a search with the name Taken." in element(answer, f"view-{view.pk}")


def test_it_is_deleted(branch):
    client, user = signed_in(Role.DESK, branch)
    view = make_view(user)
    client.post(reverse("view-delete", args=[view.pk]))
    assert not user.saved_views.exists()


@pytest.mark.parametrize("name", ["view-rename", "view-delete"])
def test_a_shared_view_is_changed_by_its_owner_alone(branch, name):
    view = make_view(make_user(Role.DESK, branch), branch=branch)
    client, _user = signed_in(Role.MANAGER)
    assert client.post(reverse(name, args=[view.pk]), {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == "View 1"


def test_a_name_with_markup_is_text(branch):
    client, _user = signed_in(Role.DESK, branch)
    keep(client, name="<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in client.get(reverse("search")).content.decode()


def test_the_views_of_who_left_are_forgotten():
    make_view(make_user(is_active=False))
    kept = make_view(make_user())
    assert (purge_views(NOW, True), purge_views(NOW, False)) == (1, 1)
    assert SavedView.objects.get() == kept


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_of_one_name_keep_one():
    user = make_user()
    by = staff(user.pk, user.role)
    results = race(*[lambda: save_view(name="Jams", query="q=jam", branch_id=None, by=by)] * 2)
    assert [error.code for error in results if isinstance(error, TicketRefused)] == ["name_taken"]
    assert SavedView.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_never_make_twenty_one():
    user = make_user()
    by = staff(user.pk, user.role)
    for place in range(1, 20):
        make_view(user, place)
    names = iter(["One", "Two"])
    results = race(*[lambda: save_view(name=next(names), query="q=jam", branch_id=None, by=by)] * 2)
    assert [error.code for error in results if isinstance(error, TicketRefused)] == ["too_many_views"]
    assert user.saved_views.count() == 20
