"""The desk around cards: look one up and say why, block it or lift a block, passes in a batch, a second seat."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.booking.card_blocks import block_card, lift_block, revoke_pass, standing_block
from reservations.booking.family import book_beside
from reservations.forms_cards import CANCEL, BlockForm, FamilyForm, FindForm, PassesForm
from reservations.kept_out import takes_guests
from reservations.mine import family_bookings, my_bookings
from reservations.models import Booking, Branch, CardBlock, GuestPass, Patron
from reservations.patrons.door import throttled_until
from reservations.patrons.lookup import look_up, looked_up
from reservations.patrons.passes import issue_batch
from reservations.rules.problem import Problem, Refused
from reservations.seats import booking_for
from reservations.staffing import branch_for
from reservations.undoable import undoable
from reservations.views.desk_answers import done, form_problems, refuse, undo_url, way_back

CARD = "reservations/desk_card.html"
PASSES = "reservations/passes.html"


@never_cache
@staff_view("GET", DESK_ROLES)
def card(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ask for a number and why it is looked up; without a branch at the first one where they work."""
    return _card(request, branch_for(user_of(request), slug), FindForm(auto_id="find-%s"))


@never_cache
@staff_view("POST", DESK_ROLES)
def card_find(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a card has booked and whether it is blocked; the number is in no address."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    form = FindForm(request.POST, auto_id="find-%s")
    if not form.is_valid():
        return _card(request, branch, form, status=422)
    sent = form.cleaned_data
    try:
        found = look_up(number=sent["number"], why=sent["why"], branch_id=branch.pk, by=actor_of(request), now=now)
    except Refused as refused:
        return _card(request, branch, form, problems=refused.problems, status=422)
    shown = _shown(found.patron, now)
    return _card(request, branch, FindForm(auto_id="find-%s"), problems=list(found.problems), **shown)


@never_cache
@staff_view("GET", DESK_ROLES)
def card_shown(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a card again that this member of staff has looked up; ask for its number where that is too long ago."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    patron = looked_up(patron_id=pk, by=actor_of(request), now=now)
    if patron is None:
        return redirect("card", slug)
    return _card(request, branch, FindForm(auto_id="find-%s"), **_shown(patron, now))


def _shown(patron: Patron, now: datetime) -> dict[str, Any]:
    """Return what the page says of a patron who was looked up."""
    return {
        "patron": patron,
        "rows": sorted(my_bookings(patron, now) + family_bookings(patron, now), key=lambda mine: mine.booking.start),
        "held": standing_block(patron, now),
        "again_at": throttled_until(patron.key, now),
        "block_form": BlockForm(now=now),
    }


@never_cache
@staff_view("POST", DESK_ROLES)
def card_block(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Block a card that this member of staff has looked up."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    patron = _looked_up(request, pk, now)
    form = BlockForm(request.POST, now=now)
    if not form.is_valid():
        return _card(request, branch, FindForm(auto_id="find-%s"), status=422, **_shown(patron, now) | _open(form))
    sent = form.cleaned_data
    try:
        block = block_card(
            patron=patron,
            branch_id=branch.pk,
            until=form.ends_at,
            reason=sent["reason"],
            note=sent["note"],
            cancels=sent["bookings"] == CANCEL,
            request_key=sent["request_key"],
            by=actor_of(request),
            now=now,
        )
    except Refused as refused:
        form.add_error("until", str(refused.problems[0].sentence))
        return _card(request, branch, FindForm(auto_id="find-%s"), status=422, **_shown(patron, now) | _open(form))
    said = {"who": patron.alias, "until": words.last_day(block.blocked_until, now)}
    say(request, _("Card %(who)s is blocked until %(until)s.") % said)
    return redirect("card-shown", branch.slug, pk)


def _open(form: BlockForm) -> dict[str, Any]:
    return {"block_form": form, "block_open": True}


@staff_view("POST", DESK_ROLES)
def card_lift(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lift a block from a card that this member of staff has looked up."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    block = CardBlock.objects.filter(pk=pk).first()
    if block is None:
        raise Http404
    patron = _looked_up(request, block.patron_id, now)
    try:
        lift_block(block=block, by=actor_of(request), now=now)
    except Refused as refused:
        return refuse(request, refused.problems)
    say(request, _("Card %(who)s is not blocked any more.") % {"who": patron.alias})
    return redirect("card-shown", branch.slug, patron.pk)


def _looked_up(request: HttpRequest, pk: int, now: datetime) -> Patron:
    """Return a patron whom this member of staff has looked up a moment ago; anybody else does not exist."""
    patron = looked_up(patron_id=pk, by=actor_of(request), now=now)
    if patron is None:
        raise Http404
    return patron


def _card(
    request: HttpRequest,
    branch: Branch,
    form: FindForm,
    *,
    problems: list[Problem] | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    context = {"tab": "card", "branch": branch, "form": form, "problems": problems, "now": clock.now(), **shown}
    context["back"] = way_back(request)
    return render(request, CARD, context, status=status)


@never_cache
@staff_view("GET", DESK_ROLES)
def passes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the branch's good passes and the form of a batch."""
    branch = branch_for(user_of(request), slug)
    return _passes(request, branch, PassesForm(branch=branch))


@never_cache
@staff_view("POST", DESK_ROLES)
def passes_issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a batch and show its slips to print, once."""
    branch = branch_for(user_of(request), slug)
    form = PassesForm(request.POST, branch=branch)
    if not form.is_valid():
        return _passes(request, branch, form, status=422)
    issued = issue_batch(branch=branch, by=actor_of(request), now=clock.now(), **form.cleaned_data)
    return _passes(request, branch, PassesForm(branch=branch), issued=issued, shown=any(each.code for each in issued))


@staff_view("POST", DESK_ROLES)
def pass_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pass back."""
    branches = Branch.objects.visible_to(user_of(request))
    found = GuestPass.objects.select_related("branch").filter(pk=pk, branch__in=branches).first()
    if found is None:
        raise Http404
    revoke_pass(guest_pass=found, by=actor_of(request), now=clock.now())
    return done(request, _("Guest pass %(who)s is taken back.") % {"who": found.alias})


def _passes(request: HttpRequest, branch: Branch, form: PassesForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    now = clock.now()
    good = GuestPass.objects.filter(branch=branch, valid_until__gt=now, revoked_at=None).select_related("issued_kiosk")
    context = {"tab": "card", "branch": branch, "form": form, "good": good.order_by("-issued_at", "-pk"), "now": now}
    context |= {"back": way_back(request), "takes_guests": takes_guests(branch)}
    return render(request, PASSES, context | shown, status=status)


@never_cache
@staff_view("GET", DESK_ROLES)
def family(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who comes with the adult of a booking."""
    return _family(request, booking_for(user_of(request), pk), FamilyForm())


@staff_view("POST", DESK_ROLES)
def family_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a seat for somebody with the adult of a booking."""
    booking = booking_for(user_of(request), pk)
    form = FamilyForm(request.POST)
    if not form.is_valid():
        problems = form_problems(form)
        return refuse(request, problems) if set(form.errors) - {"band"} else _family(request, booking, form, status=422)
    try:
        made = book_beside(booking=booking, by=actor_of(request), now=clock.now(), **form.cleaned_data)
    except Refused as refused:
        return refuse(request, refused.problems)
    said = {"seat": made.device.said, "end": words.clock(made.period.upper), "who": booking.who}
    return done(
        request, _("%(seat)s is for somebody with %(who)s, until %(end)s.") % said, undo_url=undo_url(undoable(made))
    )


def _family(request: HttpRequest, booking: Booking, form: FamilyForm, *, status: int = 200) -> HttpResponse:
    branch = Branch.objects.get(pk=booking.branch_id)
    context = {
        "tab": "desk",
        "branch": branch,
        "booking": booking,
        "form": form,
        "back": way_back(request),
        "now": clock.now(),
    }
    return render(request, "reservations/family.html", context, status=status)
