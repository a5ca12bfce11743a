"""The dashboard's blueprint: every view is a page with a scope. Rendering of pages.

    @blueprint.get("/search")
    @page("read")
    def search() -> Response:
        return render("dashboard/search.html", title="Search", section="search", found=found)

Before such a view the visitor is authenticated (`principal()` of service.web.http.scopes), counted against
the limits and checked for the scope; a POST must come from a page of the dashboard. Views raise the errors of
`service.errors`; `error_pages` renders them. Templates extend `dashboard/base.html`; scripts are modules in
`service/web/static/dashboard`, since the policy below forbids everything else: no inline script or style, no
`innerHTML` with strings (`fragment()` of dashboard.js makes nodes of what the server rendered).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from flask import Blueprint, Request, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from service.usecases.api_keys import EVERYONE, SCOPES, Principal, Scope
from service.web.dashboard import error_pages, session, template_filters
from service.web.dashboard.assets import answer_asset, asset
from service.web.dashboard.labels import WORDS
from service.web.dashboard.same_origin import is_followed_link, is_own
from service.web.http.authentication import KEY_ID, Authenticator, forbid
from service.web.http.rate_limits import too_many
from service.web.http.scopes import EXTENSION
from service.web.http.scopes import route as route_name
from service.web.services import services

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY: Final = "anybody"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; "
    "media-src blob:; "  # a recording that is chosen in the browser and stays there
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types dashboard"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    # The dashboard distinguishes its own pages from others by the referrer, which `no-referrer` would hide.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

blueprint = Blueprint("dashboard", __name__, template_folder="../templates")
csrf = CSRFProtect()
error_pages.register(blueprint)
template_filters.register(blueprint)


def page(scope: Scope | None, *, most_bytes: int | None = None) -> Callable[[View], View]:
    """Put directly under the route: visitors of this page need the scope; None if they need none.

    `most_bytes` is the limit of its form, if that may be larger than other requests.
    """
    if scope is not None and scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    def mark(view: View) -> View:
        view.page_scope = scope or ANYBODY  # type: ignore[attr-defined]
        view.page_most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def render(template: str, *, title: str, section: str = "", status: int = 200, **context: Any) -> Response:
    """A page. `section` is the entry of the navigation that it belongs to."""
    html = render_template(template, title=title, section=section, **context)
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def authenticator() -> Authenticator:
    """The current app's authenticator, the same as for the API."""
    return cast(Authenticator, current_app.extensions[EXTENSION])


@blueprint.get("/dashboard/static/<version>/<name>")
@page(None)
def send_asset(version: str, name: str) -> Response:
    """A static file of the dashboard."""
    return answer_asset(version, name)


@blueprint.before_request
def admit() -> WerkzeugResponse | None:
    """Check a request's scope and the rate limits; returns the answer if it is refused."""
    if request.endpoint == "dashboard.send_asset":
        return None
    if not is_own():
        session.leave_alone()
        return error_pages.show(403, "This request comes from a page that is not the dashboard's.")
    if is_followed_link() and not session.has_cookie():
        return bounce()
    visitor = g.principal = find_visitor()
    request.environ[KEY_ID] = visitor.key_id if visitor else None
    refusal = count(visitor) or hold(visitor, getattr(view_of(request), "page_scope", "admin"))
    if refusal is None:
        # Before the token is looked for, which reads the form.
        request.max_content_length = getattr(view_of(request), "page_most_bytes", None)
        request.max_form_memory_size = request.max_content_length
        csrf.protect()
    return refusal


def view_of(asked: Request) -> Callable[..., Any]:
    """The requested view."""
    return current_app.view_functions[cast(str, asked.endpoint)]


def count(visitor: Principal | None) -> WerkzeugResponse | None:
    """Count a request; returns the answer if a limit was reached. Without keys there are no limits."""
    if visitor is EVERYONE:
        return None
    g.standings = authenticator().limits.spend(request.remote_addr, visitor.key_id if visitor else None)
    refusal = too_many(g.standings, route_name())
    return error_pages.present(refusal) if refusal else None


def hold(visitor: Principal | None, scope: str) -> WerkzeugResponse | None:
    """The answer to visitors who may not see a page; None if they may."""
    if scope == ANYBODY:
        return None
    if visitor is None:
        return error_pages.ask_to_sign_in()
    held = cast(Scope, scope)
    return None if visitor.may(held) else error_pages.present(forbid(held, visitor))


def find_visitor() -> Principal | None:
    """The visitor: who signed in, else everyone if the server is open, else None."""
    signed_in = session.find_signed_in(authenticator().keys, services().accounts)
    if signed_in is not None:
        return signed_in
    return EVERYONE if authenticator().lets_in_keyless(request.environ) else None


def bounce() -> Response:
    """A page that reloads itself.

    A browser withholds a strict cookie if a link on another site was followed. Requested by our own page
    it sends the cookie, so that the session is not replaced by a new one.
    """
    return Response(
        render_template("dashboard/same_origin_redirect.html"), content_type="text/html; charset=utf-8"
    )


@blueprint.after_request
def set_headers(response: Response) -> Response:
    """Set the headers of every page, unless the view has set them."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@blueprint.context_processor
def offer() -> dict[str, Any]:
    """The variables of all templates of the dashboard."""
    return {
        "asset": asset,
        "csrf_field": csrf_field,
        "csrf_token": generate_csrf,
        "visitor": g.get("principal"),
        "is_open": authenticator().mode == "open",
        "may": lambda scope: (visitor := g.get("principal")) is not None and visitor.may(scope),
        "words": WORDS,
    }


def csrf_field() -> Markup:
    """The CSRF token of a form."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
