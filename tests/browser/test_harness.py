"""The harness itself: an eye that sees nothing would call every page safe."""

import pytest

from tests.browser import chromium
from tests.browser.audit import find_violations

RUNNING = {
    "inline script": "<script>window.__ran = 1</script>",
    "handler": "<img src=x onerror='window.__ran = 2'>",
    "dialog": "<script>alert(3)</script>",
    "a frame of its own": '<iframe srcdoc="<script>parent.alert(4)</script>"></iframe>',
    "inside its own frame": '<iframe srcdoc="<script>window.__ran = 5</script>"></iframe>',
}
ASKING = {
    "image": "<img src='https://elsewhere.example/pixel'>",
    "style": "<style>body { background: url(https://elsewhere.example/b) }</style>",
    "fetch": "<script>fetch('https://elsewhere.example/f').catch(() => 0)</script>",
    "refresh": "<meta http-equiv='refresh' content='0;url=https://elsewhere.example/r'>",
}


def show(page, served, body, **headers):
    """A page with this body at an address of the service, without its policy."""
    page.route(
        "**/hostile", lambda route: route.fulfill(body=body, content_type="text/html", headers=headers)
    )
    page.goto(f"{served.url}/hostile", wait_until="commit")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", RUNNING)
def test_the_detector_sees_what_runs(page, served, detector, name):
    show(page, served, f"<!doctype html><title>x</title>{RUNNING[name]}")
    assert detector.ran, name
    assert not detector.is_quiet()


@pytest.mark.parametrize("name", ASKING)
def test_the_detector_sees_who_is_asked(page, served, detector, name):
    show(page, served, f"<!doctype html><title>x</title>{ASKING[name]}")
    assert any("elsewhere.example" in address for address in detector.elsewhere), detector.told()


def test_the_detector_tells_what_a_policy_refused_from_what_ran(page, served, detector):
    policy = {"Content-Security-Policy": "default-src 'none'"}
    show(page, served, f"<!doctype html><title>x</title>{RUNNING['handler']}", **policy)
    assert detector.refused
    assert not detector.ran


def test_axe_finds_what_is_wrong(page, served):
    show(page, served, "<!doctype html><title>x</title><main><h1>y</h1><img src='/x'><input></main>")
    found = " ".join(find_violations(page))
    for rule in ("image-alt", "label", "html-has-lang"):
        assert f"{rule} (" in found


def test_a_missing_browser_says_what_to_install(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(chromium.ChromiumMissing, match="apt-get install chromium"):
        chromium.find_chromium()
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(chromium.ChromiumMissing, match="/nowhere/chrome"):
        chromium.find_chromium()
