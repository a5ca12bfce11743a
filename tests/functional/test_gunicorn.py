"""gunicorn as it runs in a newsroom: its lines, its workers that are replaced, the ids it passes on."""

import json
import re
import socket
import time
from urllib.parse import urlsplit

from tests.functional.test_service import START_S, call, running, serving
from tests.servers import find_free_port

SEARCH = "borborygmus"
REQUESTS = re.compile(r'verbatim_http_requests_total\{[^}]*route="/v1/quotes"[^}]*\} (\S+)')
JOBS = re.compile(r'verbatim_jobs_total\{kind="article",outcome="done"\} (\S+)')


def send_raw(url, request):
    """The first line of the answer to bytes that no HTTP client would send."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request)
        return connection.makefile("rb").readline()


def test_every_line_is_json_and_none_quotes_a_request(tmp_path):
    database = f"sqlite:///{tmp_path}/store.sqlite3"
    with serving(DATABASE_URL=database, LOG_LEVEL="DEBUG", WEB_CONCURRENCY="1") as (url, process):
        answers = [
            send_raw(url, f"GET /v1/quotes?q={SEARCH} and more HTTP/1.1\r\n\r\n".encode()),
            send_raw(url, f"GET /v1/quotes?q={SEARCH} HTTP/9.9\r\n\r\n".encode()),
            send_raw(url, f"GET /?q={SEARCH * 600} HTTP/1.1\r\n\r\n".encode()),
            send_raw(url, f"GET / HTTP/1.1\r\n{SEARCH} : 1\r\n\r\n".encode()),
            send_raw(url, f"POST / HTTP/1.1\r\nContent-Length: {SEARCH}\r\n\r\n".encode()),
        ]
        assert all(re.match(rb"HTTP/1\.1 4\d\d|HTTP/1\.1 505", answer) for answer in answers), answers
    lines = [json.loads(line) for line in process.told.splitlines() if not line.startswith("Verbatim ")]
    events = [line["event"] for line in lines if line["logger"] == "gunicorn.error"]
    assert any(event.startswith("Listening at: http://127.0.0.1:") for event in events)
    refused = [event for event in events if event.startswith("Invalid request")]
    assert len(refused) == len(answers)
    assert "Invalid request: LimitRequestLine" in refused, "it says what was wrong"
    assert SEARCH not in process.told
    assert {"timestamp", "level", "logger"} <= set.intersection(*(set(line) for line in lines))


def test_a_start_that_fails_says_why(tmp_path):
    missing = f"sqlite:///{tmp_path}/store.sqlite3"
    command = ("-m", "gunicorn", "--config", "python:service.gunicorn_config", "service.wsgi:nothing")
    with running(*command, DATABASE_URL=missing, PORT=str(find_free_port())) as process:
        process.wait(START_S)
    assert process.returncode not in (0, None)
    assert "nothing" in process.told


def test_workers_that_are_replaced_take_no_count_with_them(tmp_path):
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.sqlite3",
        "WEB_CONCURRENCY": "1",
        "GUNICORN_CMD_ARGS": "--max-requests 4 --max-requests-jitter 0",
    }
    with serving(**environment) as (url, process):
        for _ in range(10):
            assert call(url + "/v1/quotes")[0] == 200
        told = call(url + "/metrics")[2].decode()
    assert sum(map(float, REQUESTS.findall(told))) == 10
    assert process.told.count("Autorestarting worker") >= 2
    under_way = re.search(r"^verbatim_http_requests_in_progress (\S+)", told, re.MULTILINE)
    assert under_way
    assert float(under_way[1]) == 1, "the one that asks"


def test_a_request_can_be_followed_into_the_worker_and_is_counted_there(tmp_path, redis_empty_url):
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3", "REDIS_URL": redis_empty_url}
    shown = f"http://127.0.0.1:{find_free_port()}/metrics"
    body = {"body_text": "“We will dredge the harbour this year,” Ann Marlow said.", "uri": "urn:a"}
    given = {"Prefer": "respond-async", "X-Request-Id": "from-the-proxy-1"}
    with (
        serving(**environment) as (url, web),
        running("-m", "service.cli", "worker", WORKER_METRICS_PORT=shown[17:-8], **environment) as worker,
    ):
        status, headers, _ = call(url + "/v1/articles", body, **given)
        assert (status, headers["X-Request-Id"]) == (202, "from-the-proxy-1")
        deadline = time.monotonic() + START_S
        while json.loads(call(url + headers["Location"])[2])["status"] != "done":
            assert time.monotonic() < deadline, "the job was not done"
            time.sleep(0.1)
        [done] = JOBS.findall(call(shown)[2].decode())
        assert float(done) == 1
    for process in (web, worker):
        lines = [json.loads(line) for line in process.told.splitlines() if line.startswith("{")]
        followed = [line for line in lines if line.get("request_id") == "from-the-proxy-1"]
        assert followed, "its lines carry the id of the request"
