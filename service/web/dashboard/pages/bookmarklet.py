"""A bookmarklet that checks the selection on any page, for browsers without the extension.

It contains no key: it opens a page of the dashboard, where the user is signed in.
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote

from flask import Response, request, url_for

from service.web.dashboard.page import blueprint, page, render

#: Of an address that a web server takes, which is 4,094 bytes with gunicorn; the page to sign in at has it in
#: its own address once more, with each percent sign made three characters.
MOST_ENCODED: Final = 1_800
MOST_ADDRESS: Final = 300
SOURCE: Final = """
(()=>{
const q=String(getSelection()).trim(),e=encodeURIComponent;
if(!q)return alert('Select some words on the page first.');
if(e(q).length>MOST)return alert('These are too many words for a bookmark: select less.');
const u=e(location.href.split('#')[0]);
open(DESK+'?quote='+e(q)+(u.length>ADDRESS?'':'&url='+u),'_blank','noopener,width=820,height=860')
})()
"""


@blueprint.get("/bookmarklet")
@page(None)
def show_bookmarklet() -> Response:
    """The page with the bookmarklet."""
    dashboard = url_for("dashboard.show_lookup", _external=True)
    return render(
        "dashboard/bookmarklet.html",
        title="A bookmark that looks words up",
        section="check",
        bookmarklet=write_bookmarklet(dashboard),
        host=request.host,
    )


def write_bookmarklet(dashboard: str) -> str:
    """The address of a bookmarklet that opens the page `dashboard` with the selection."""
    script = "".join(SOURCE.splitlines())
    script = script.replace("MOST", str(MOST_ENCODED)).replace("ADDRESS", str(MOST_ADDRESS))
    # The dashboard's address is inserted last, so that nothing in it is replaced.
    return "javascript:" + quote(
        script.replace("DESK", json.dumps(dashboard)), safe="!'()*-.~;,/?:@&=+$[]{}|"
    )
