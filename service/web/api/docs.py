"""The API's documentation as Swagger UI, served by this server and not by a content delivery network."""

from __future__ import annotations

from importlib.resources import files
from typing import cast

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory

from service.web.dashboard.assets import asset as asset_address
from service.web.http.authentication import Authenticator
from service.web.http.scopes import EXTENSION

blueprint = Blueprint("docs", __name__, template_folder="../templates", static_folder="../static")
ASSETS = str(files("flask_swagger_ui") / "dist")
# Swagger UI sets inline styles and has icons in data: addresses; scripts run only from files of this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@blueprint.get("/docs")
def show() -> Response:
    """The page with the interactive documentation of the API."""
    is_open = cast(Authenticator, current_app.extensions[EXTENSION]).mode == "open"
    response = Response(
        render_template("docs.html", is_open=is_open, host=request.host_url, asset=asset_address)
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'):name>")
def asset(name: str) -> Response:
    """A file of Swagger UI's own."""
    return send_from_directory(ASSETS, name)


@blueprint.get("/docs/docs.css")
def style() -> Response:
    """The style that makes Swagger UI look like the dashboard."""
    return send_from_directory(str(blueprint.static_folder), "docs.css")


@blueprint.get("/docs/start.js")
def start() -> Response:
    """The script that starts Swagger UI; a file, since inline scripts are forbidden."""
    return send_from_directory(str(blueprint.static_folder), "docs.js")
