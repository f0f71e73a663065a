"""Which role opens which screen, and the one decorator that views use for method and role."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from helpdesk.actor import Actor, staff
from helpdesk.models import Role, User
from helpdesk.pages import form_only

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

DESK_ROLES = frozenset({Role.DESK, Role.REFERENCE, Role.MANAGER})
REFERENCE_ROLES = frozenset({Role.REFERENCE, Role.MANAGER})
IT_ROLES = frozenset({Role.TECH, Role.MANAGER})
MANAGER_ROLES = frozenset({Role.MANAGER})
ALL_ROLES = frozenset(Role)


def user_of(request: HttpRequest) -> User:
    """Return the signed-in member of staff (LoginRequiredMiddleware has seen to it)."""
    return cast(User, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """Return `by=` for the verbs of this request."""
    user = user_of(request)
    return staff(user.pk, user.role)


def staff_view(method: str, roles: frozenset[Role]) -> Callable[[StaffView[P]], StaffView[P]]:
    """Let only `roles` in, by `method` (GET also answers HEAD); another method is 405, another role 403."""
    methods = ["GET", "HEAD"] if method == "GET" else [method]

    def decorate(view: StaffView[P]) -> StaffView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return form_only(request, methods)
            if user_of(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.shows_a_page = method == "GET"  # type: ignore[attr-defined]
        return guarded

    return decorate
