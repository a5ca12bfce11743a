"""The least that Flask can do: an answer of a given size, made of nothing. What ours is measured by."""

import os

from flask import Flask, Response

app = Flask(__name__)
BODY = b"x" * int(os.environ["EMPTY_VIEW_BYTES"])


@app.get("/livez")
def live() -> str:
    return "ok"


@app.post("/v1/check")
def empty() -> Response:
    return Response(BODY, content_type="application/json")
