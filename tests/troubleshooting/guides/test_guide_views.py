"""The pages on which staff write guides: figures, forms that lose no words, previews, publishing, older versions."""

import pytest
from django.urls import reverse

from helpdesk.actor import SYSTEM
from tests.factories import NOW, make_branch, make_category, make_guide, make_step, make_ticket
from tests.troubleshooting.staffed import counted, freeze, signed_in, text_of
from troubleshooting.guides.editing import begin_draft
from troubleshooting.guides.loading import shipped
from troubleshooting.guides.pictures import picture_names
from troubleshooting.models import Category, GuideAnswer, GuideStep, GuideVersion

pytestmark = pytest.mark.django_db
TEXTS = {"do_en": "Restart it.", "ask_en": "Better?", "do_es": "Reinicie.", "ask_es": "¿Mejor?"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def live():
    GuideVersion.objects.filter(category__code="pdf").delete()
    return make_guide(make_category("pdf", name="PDF files"), make_step("a", no="b", patron=True), make_step("b"))


@pytest.fixture
def editor():
    return signed_in("reference", make_branch())[0]


@pytest.fixture
def draft(live, editor):
    post(editor, "draft")
    return GuideVersion.objects.get(category=live.category, published_at=None)


def url(name, *args):
    return reverse(f"guide-{name}" if name else "guide", args=["pdf", *args])


def post(client, name, *args, **fields):
    return client.post(url(name, *args), fields)


def page(client, **query):
    return text_of(client.get(url(""), query))


def step_fields(**fields):
    return {**TEXTS, "yes": "solved", "no": "desk", "picture": "", "changes": "0", **fields}


def answer(step, *said):
    branch = make_branch()
    for each in said:
        ticket = make_ticket(branch, category=step.version.category)
        GuideAnswer.objects.create(ticket=ticket, step=step, answer=each, at=NOW, by_kind="staff")


def test_a_step_that_never_solves_is_shown_to_its_editor(editor, live):
    answer(live.steps.last(), *["no"] * 10)
    assert "1 step never solves" in text_of(editor.get(reverse("guides")))
    assert "solved 0 of 10 answers never solves" in page(editor)


def test_the_list_begins_with_what_never_solves_and_names_what_has_no_guide(editor, live):
    GuideVersion.objects.filter(category__code="phone").delete()
    answer(live.steps.last(), *["no"] * 10)
    listed = text_of(editor.get(reverse("guides")))
    assert listed.index("PDF files") < listed.index("Where is it?")
    assert "no guide yet" in listed


def test_the_list_takes_the_same_queries_however_many_guides_and_answers(editor, live):
    def asked():
        with counted() as queries:
            editor.get(reverse("guides"))
        return len(queries)

    few = asked()
    for code in ("one", "two", "three"):
        answer(make_guide(make_category(code)).steps.first(), "no")
    assert asked() == few <= 7


def test_a_guide_takes_the_same_queries_however_long(editor, live):
    def asked():
        with counted() as queries:
            editor.get(url(""))
        return len(queries)

    few = asked()
    for _time in range(3):
        live = make_guide(live.category, *[make_step(f"s{n}", no=f"s{n + 1}") for n in range(9)], make_step("s9"))
        answer(live.steps.first(), "no")
    assert asked() == few <= 7


def test_the_desk_reads_a_guide_and_is_offered_no_change(live):
    desk, _user = signed_in("desk", make_branch())
    said = text_of(desk.get(url("")))
    assert "Version 1, in use" in said
    assert "Change it" not in said


def test_a_draft_is_begun_changed_and_published(editor, live, draft):
    step = draft.steps.first()
    post(editor, "step-save", step.pk, **step_fields(no="b", patron="on", picture=picture_names()[0]))
    post(editor, "publish", draft=draft.pk)
    now = GuideVersion.objects.get(category=live.category, is_live=True)
    assert now == draft
    assert now.steps.first().texts["es"] == {"do": "Reinicie.", "ask": "¿Mejor?"}
    assert "Version 2, in use" in page(editor)


def test_what_keeps_a_draft_from_being_published_is_said_at_its_step(editor, draft):
    step = draft.steps.last()
    post(editor, "step-save", step.pk, **step_fields(no="a", do_es=""))
    answer = post(editor, "publish", draft=draft.pk)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "Step 2 (b) leads back to Step 1 (a), so the guide goes round." in said
    assert "Step 2 (b) lacks words in" in said
    assert not GuideVersion.objects.get(pk=draft.pk).is_live


def test_a_step_is_added_and_the_one_before_leads_there(editor, draft):
    assert post(editor, "step-add", **step_fields()).status_code == 302
    assert [(step.key, step.no) for step in draft.steps.all()][1:] == [("b", "step-1"), ("step-1", "desk")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do_en": "x" * 161}, "The text has 161 characters. 160 fit"),
        ({"yes": "nowhere"}, "Choose one of the shown."),
        ({"picture": "no-such"}, "Choose one of the shown."),
    ],
)
def test_a_refused_step_says_why_and_keeps_its_words(editor, draft, fields, said):
    answer = post(editor, "step-add", **step_fields(ask_es="¿Otra cosa?", **fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "¿Otra cosa?" in answer.content.decode()


def test_of_two_who_save_a_step_the_second_keeps_the_words_and_may_save_again(editor, draft):
    step = draft.steps.first()
    post(editor, "step-save", step.pk, **step_fields())
    refused = post(editor, "step-save", step.pk, **step_fields(do_en="My words."))
    assert refused.status_code == 422
    assert "Someone saved this step meanwhile." in text_of(refused)
    assert "My words." in refused.content.decode()
    assert 'name="changes" value="1"' in refused.content.decode()
    assert post(editor, "step-save", step.pk, **step_fields(do_en="My words.", changes="1")).status_code == 302


def test_a_form_of_a_draft_that_was_published_meanwhile_is_not_there_any_more(editor, draft):
    step = draft.steps.first()
    post(editor, "publish", draft=draft.pk)
    assert post(editor, "step-save", step.pk, **step_fields()).status_code == 404
    assert post(editor, "step-move", step.pk, to="down").status_code == 422


def test_markup_emoji_and_scripts_of_any_direction_stay_plain_text(editor, draft):
    words = "<script>alert(1)</script> 🙂 مرحبا"
    step = draft.steps.first()
    post(editor, "step-save", step.pk, **step_fields(do_en=words))
    assert GuideStep.objects.get(pk=step.pk).texts["en"]["do"] == words
    shown = editor.get(url("")).content.decode()
    assert "<script>alert" not in shown
    assert "🙂 مرحبا" in shown


def test_steps_are_moved_by_arrows_and_deleted(editor, draft):
    second = draft.steps.last()
    post(editor, "step-move", second.pk, to="up")
    assert [step.key for step in draft.steps.all()] == ["b", "a"]
    post(editor, "step-remove", second.pk)
    assert [step.key for step in draft.steps.all()] == ["a"]


def test_a_draft_is_dropped_and_an_older_version_made_the_draft_again(editor, live, draft):
    post(editor, "drop", draft=draft.pk)
    make_guide(live.category, make_step("other"))
    assert "Make this the draft again" in page(editor)
    post(editor, "draft", version="1")
    assert [step.key for step in GuideVersion.objects.get(published_at=None).steps.all()] == ["a", "b"]


@pytest.mark.parametrize("version", ["9", "9" * 30])
def test_a_version_that_never_was_does_not_exist(editor, live, version):
    assert editor.get(url(""), {"version": version}).status_code == 404


@pytest.mark.parametrize("version", ["x", "-1", "9", "99999", "²"])
def test_a_draft_of_a_version_that_never_was_is_refused_or_begun_from_the_live_one(editor, live, version):
    assert post(editor, "draft", version=version).status_code in {302, 422}


def test_an_older_version_is_looked_at(editor, live):
    make_guide(live.category, make_step("other"))
    assert "Version 1, an older one" in page(editor, version=1)
    assert "Try a." in page(editor, version=1)


def test_the_preview_goes_through_the_steps_in_a_language_and_keeps_nothing(editor, draft):
    first = draft.steps.first()
    shown = text_of(editor.get(url("preview"), {"language": "es", "answer": f"{first.pk}:no"}))
    assert "Pruebe b." in shown
    assert "No Pruebe a." in shown
    assert GuideAnswer.objects.count() == 0


def test_the_preview_shows_what_the_kiosk_offers(editor, draft):
    shown = text_of(editor.get(url("preview"), {"as": "kiosk", "language": "en"}))
    assert "Step 1 of 1 Try a." in shown
    assert "Try b." not in shown


def test_a_category_without_a_guide_has_pages_too_and_one_can_be_written(editor):
    make_category("pdf", name="PDF files")
    GuideVersion.objects.filter(category__code="pdf").delete()
    assert "No guide yet" in page(editor)
    assert editor.get(url("preview")).status_code == 200
    post(editor, "draft")
    assert "The guide has no step yet." in page(editor)
    post(editor, "step-add", **step_fields())
    draft = GuideVersion.objects.get(category__code="pdf")
    assert post(editor, "publish", draft=draft.pk).status_code == 302


def test_every_guide_that_is_shipped_can_be_opened_for_change_and_published_as_it_is(editor):
    for guide in shipped():
        category = Category.objects.get(code=guide.category)
        draft = begin_draft(category_id=category.pk, by=SYSTEM, now=NOW)
        answer = editor.post(reverse("guide-publish", args=[guide.category]), {"draft": draft.pk})
        assert answer.status_code == 302, guide.category
