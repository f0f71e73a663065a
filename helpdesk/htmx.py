"""One URL answers the page and the fragment; the view names the partial."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial named `partial` when htmx asks for a fragment.

    Answers carry `Vary: HX-Request`; a refused form passes `status=422` and the same template.
    """
    fragment = partial and getattr(request, "htmx", None) and not request.htmx.boosted  # type: ignore[attr-defined]
    name = f"{template}#{partial}" if fragment else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


class SignInRedirectMiddleware:
    """Turn a redirect to the sign-in page into HX-Redirect, so that no login form lands inside a board."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        if response.status_code == 302 and request.htmx and location.startswith(resolve_url(settings.LOGIN_URL)):  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return response
