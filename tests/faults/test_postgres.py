"""PostgreSQL killed and restarted during writes: who was told yes finds the article, the others are told why not."""

from __future__ import annotations

import json

from tests.faults.articles import article
from tests.faults.load import Load, Request, ask, loading, statuses
from tests.faults.scale import report, scaled
from tests.faults.words import quotation
from tests.processes import wait_until
from tests.servers import running_postgres
from tests.stores import make_migrated

CLIENTS = 4
KILLS = scaled(2, 20)
WORKING_S = scaled(1.0, 5.0)
AWAY_S = scaled(1.0, 3.0)


def write_article(number: int) -> Request:
    return Request("POST", "/v1/articles", article(number), str(number))


def wait_for_writes(load: Load, what: str) -> None:
    before = statuses(load.answers)[200]
    wait_until(lambda: statuses(load.answers)[200] > before + 5, what)


def test_what_was_acknowledged_is_there(serve, findings):
    with running_postgres() as server:
        make_migrated(server.url)
        web = serve(DATABASE_URL=server.url)
        with loading(web.port, write_article, CLIENTS, pause_s=0.02) as load:
            for _ in range(KILLS):
                wait_for_writes(load, "articles written")
                load.run_phase("working", WORKING_S)
                load.phase = "away"
                server.kill()
                load.run_phase("away", AWAY_S)
                load.phase = "back"
                server.restart()
            wait_for_writes(load, "articles written after the last restart")
        report("postgres killed during writes", kills=KILLS, statuses=dict(statuses(load.answers)))

        assert set(statuses(load.answers)) == {200, 503}
        for refused in (answer for answer in load.answers if answer.status == 503):
            assert int(refused.headers["retry-after"]) > 0
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["detail"]
        for written in (answer for answer in load.answers if answer.status == 200):
            analysis = written.json()
            read = ask(web.port, "GET", f"/v1/articles/{analysis['id']}")
            assert read.status == 200
            assert json.loads(read.body)["quotes"][0]["content"]["text"].startswith(
                quotation(int(written.request.name))
            )
        assert findings(server.url) == []
