"""At the finest level, no log line of a whole server holds a text, a name, a key or a password."""

import contextlib
import json

from service.usecases.api_keys import KeyRing
from tests.functional.test_service import call, serving
from tests.servers import running_redis
from tests.stores import open_migrated

ARTICLE = {
    "body_text": "“We will dredge the harbour this year,” Ann Marlow said in Grimsby.",
    "headline": "Zeebrugge",
}
SECRETS = ("dredge", "harbour", "marlow", "grimsby", "zeebrugge", "hunter2")


def test_no_line_of_any_level_tells_what_was_sent(tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    store = open_migrated(url)
    key = KeyRing(store.keys).create("cms", ["admin"]).token
    store.close()
    environment = {
        "DATABASE_URL": url,
        "LOG_LEVEL": "DEBUG",
        "ACCESS": "locked",
    }
    with contextlib.ExitStack() as running:
        redis = running.enter_context(running_redis(requirepass="hunter2"))
        environment["REDIS_URL"] = redis.url.replace("127.0.0.1", ":hunter2@127.0.0.1")
        base, process = running.enter_context(serving(**environment))
        redis.kill()  # errors are logged too
        bearer = {"Authorization": f"Bearer {key}"}
        statuses = [
            call(f"{base}/v1/articles", ARTICLE, **bearer)[0],
            call(f"{base}/v1/check", {"quote": "We will dredge the harbour", "speaker": "Marlow"}, **bearer)[
                0
            ],
            call(f"{base}/v1/check", {"quote": "", "harbour": "dredge"}, **bearer)[0],
            call(f"{base}/v1/quotes?q=dredge+harbour&speaker=Marlow", **bearer)[0],
            call(f"{base}/v1/quotes/harbour", **bearer)[0],
            call(f"{base}/harbour/dredge?q=Marlow", **bearer)[0],
            call(f"{base}/v1/check", {"quote": "dredge"}, Authorization=f"Bearer {key[:-1]}")[0],
        ]
    assert statuses == [200, 200, 422, 200, 404, 404, 401]
    lines = [line for line in process.told.splitlines() if line.startswith("{")]
    routes = [json.loads(line).get("route") for line in lines]
    assert {"/v1/articles", "/v1/check", "/v1/quotes", "unmatched"} <= set(routes)
    told = process.told.lower()
    assert not [word for word in (*SECRETS, key.lower(), key.rsplit("_", 1)[1].lower()) if word in told]
