"""The set-up pages of policies, for managers: the list, one policy, what a change would do, saving it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from reservations.forms_policy import PolicyPage
from reservations.models import Policy
from reservations.policies import (
    check_version,
    classes_with_rules,
    draft_from,
    policies_listed,
    policy_of,
    remove_policy,
    save_policy,
    version_of,
)
from reservations.policy_change import change_of
from reservations.policy_story import meanwhile
from reservations.policy_words import meanwhile_words
from reservations.presets import PRESETS, preset_with
from reservations.rules.problem import Problem, Refused


@never_cache
@staff_view("GET", MANAGER_ROLES)
def policies(request: HttpRequest) -> HttpResponse:
    """List the policies with the branches that keep them, and the presets a new one can start from."""
    context = {"policies": policies_listed(), "presets": PRESETS, "tab": "set-up"}
    return render(request, "reservations/policies.html", context)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one policy in its form."""
    found = policy_of(pk)
    return _page(request, found, PolicyPage(found, classes_with_rules()))


@never_cache
@staff_view("GET", MANAGER_ROLES)
def policy_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new policy, filled from the preset that the address names."""
    kinds = classes_with_rules()
    draft = draft_from(preset_with(request.GET.get("preset", "")), kinds)
    return _page(request, None, PolicyPage(draft, kinds))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def policy_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the sent values would change; save them once they have been shown."""
    return _answer(request, policy_of(pk))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def policy_add(request: HttpRequest) -> HttpResponse:
    """Show what a new policy would say; save it once it has been shown."""
    return _answer(request, None)


@staff_view("POST", MANAGER_ROLES)
def policy_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a policy that no branch uses."""
    found = policy_of(pk)
    try:
        remove_policy(policy=found, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, found, PolicyPage(found, classes_with_rules()), problems=refused.problems)
    messages.success(request, _("%(policy)s is deleted.") % {"policy": found.name})
    return redirect("policies")


def _answer(request: HttpRequest, found: Policy | None) -> HttpResponse:
    """Refuse what contradicts itself, show what is new, save what was shown."""
    now, kinds = clock.now(), classes_with_rules()
    before = found or draft_from(None, kinds)
    page = PolicyPage(before, kinds, request.POST)
    version = request.POST.get("version", "")
    try:
        if found:
            check_version(found, version)
        if not page.is_valid():
            return _page(request, found, page, version=version, status=422)
        if request.POST.get("do") == "save" and request.POST.get("seen") == page.digest():
            return _save(request, found, page, version)
    except Refused as refused:
        return _refused(request, found, refused.problems)
    change = change_of(before, page.draft(), now=now)
    again = request.POST.get("do") == "save"
    return _page(request, found, page, version=version, change=change, seen=page.digest(), again=again)


def _refused(request: HttpRequest, found: Policy | None, problems: list[Problem]) -> HttpResponse:
    """Keep the sent values in the form, and hold them against what is saved now."""
    now, kinds = clock.now(), classes_with_rules()
    fresh = policy_of(found.pk) if found else draft_from(None, kinds)
    page = PolicyPage(fresh, kinds, request.POST)
    shown: dict[str, Any] = {}
    if page.is_valid():
        shown = {"change": change_of(fresh, page.draft(), now=now), "seen": page.digest()}
    others = meanwhile(fresh, request.POST.get("version", "")) if found else None
    if others:
        shown |= {"others": others, "others_did": meanwhile_words(others, now)}
    return _page(request, fresh if found else None, page, problems=problems, **shown)


def _save(request: HttpRequest, found: Policy | None, page: PolicyPage, version: str) -> HttpResponse:
    now = clock.now()
    saved = save_policy(
        policy=found,
        columns=page.columns,
        class_rules=page.class_rules,
        version=version,
        by=actor_of(request),
        now=now,
    )
    messages.success(request, _("%(policy)s is saved. It holds from the next booking on.") % {"policy": saved.name})
    return redirect("policies")


def _page(
    request: HttpRequest,
    found: Policy | None,
    page: PolicyPage,
    *,
    version: str = "",
    problems: list[Problem] | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    context = {
        "policy": found,
        "page": page,
        "version": version or (version_of(policy_of(found.pk)) if found else ""),
        "problems": problems,
        "tab": "set-up",
        **shown,
    }
    return render(request, "reservations/policy.html", context, status=422 if problems else status)
