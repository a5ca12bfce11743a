"""SIGTERM under load: every request that had begun is answered in full."""

from __future__ import annotations

import threading
import time

from tests.faults.articles import article
from tests.faults.load import Answer, Client, Request, ask, statuses
from tests.faults.running import WebService
from tests.faults.scale import report, scaled
from tests.stores import make_migrated

ROUNDS = scaled(1, 10)
CLIENTS = 4  # none has to wait for another, so none is sent away
WORDS = 12_000  # a request takes longer than it must have begun before the signal
BEGUN_S = 0.3  # a request sent so long before the signal has been taken in, on a busy machine too


class Caller(threading.Thread):
    """Asks on a connection of its own for each request, until nobody listens any more."""

    def __init__(self, web: WebService, first: int) -> None:
        super().__init__(daemon=True)
        self.answers: list[Answer] = []
        self._web, self._number = web, first

    def run(self) -> None:
        while not self.answers or self.answers[-1].status != 0:
            request = Request(
                "POST", "/v1/articles", article(self._number, WORDS), headers={"Connection": "close"}
            )
            client = Client(self._web.port)
            self.answers.append(client.send(request))
            client.close()
            self._number += CLIENTS


def test_started_requests_are_finished(serve, tmp_path, findings):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    make_migrated(url)
    for number in range(ROUNDS):
        web = serve(DATABASE_URL=url, MAX_COMPUTING=str(CLIENTS))
        ask(web.port, "POST", "/v1/articles", article(0, store=False))  # loads the model
        callers = [Caller(web, 10_000 * number + first) for first in range(CLIENTS)]
        for caller in callers:
            caller.start()
        while not all(caller.answers for caller in callers):
            time.sleep(0.05)
        time.sleep(2 * BEGUN_S)  # the next ones are under way
        signalled = time.monotonic()
        status = web.terminate()
        for caller in callers:
            caller.join()
        answers = [answer for caller in callers for answer in caller.answers]
        begun = [answer for answer in answers if answer.started < signalled - BEGUN_S]
        under_way = [answer for answer in begun if answer.started + answer.seconds > signalled]
        report("SIGTERM", requests=len(answers), under_way=len(under_way), statuses=dict(statuses(begun)))
        assert status == 0
        assert set(statuses(begun)) == {200}
        assert all(answer.json()["quotes"] for answer in begun)
        assert set(statuses(answers)) <= {200, 0}
    assert findings(url) == []
