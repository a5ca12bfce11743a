"""What comes from outside is shown and never run: stored and looked at everywhere, typed, and in addresses."""

import io
import json

import pytest

from service.cli.claimreviews import import_claimreviews
from service.cli.imports import import_stream
from tests.browser.detector import Detector
from tests.browser.hostile import (
    ADDRESSES,
    MARKUP,
    NEXT,
    attack_article,
    attack_factcheck,
    attack_quote,
    storable,
)
from tests.browser.places import visit_all_of
from tests.browser.served import running_service

FORMS = ("text", "html", "markdown")
#: What no page of the desk has, so that it came from outside. Its own scripts are modules from one folder.
FOREIGN = """
() => {
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    const name = one.localName;
    if (["iframe", "object", "embed", "base", "style", "math", "foreignObject", "marquee", "animate", "video",
         "audio", "img", "portal", "plaintext", "noscript"].includes(name)) found.push(name);
    if (name === "script" && !one.src.startsWith(location.origin + "/desk/static/")) found.push("script");
    if (name === "link" && !one.href.startsWith(location.origin + "/desk/static/")) found.push("link");
    if (name === "meta" && one.httpEquiv) found.push("meta");
    if (name === "form" && new URL(one.action).origin !== location.origin) found.push("form");
    for (const { name: attribute, value } of one.attributes) {
      if (attribute.startsWith("on") || ["style", "srcdoc", "formaction", "ping", "background"].includes(attribute))
        found.push(`${name} ${attribute}`);
      if (["href", "src", "action", "xlink:href"].includes(attribute) && /^\\s*(javascript|data|vbscript|blob):/i.test(value))
        found.push(`${name} ${attribute}=${value.slice(0, 40)}`);
    }
  }
  for (const [what, wanted] of [["h1", 1], ["main#main", 1], ["body > header", 1], ["title", null], ["nav", null]])
    if (wanted && document.querySelectorAll(what).length !== wanted) found.push(`not ${wanted} ${what}`);
  return found;
}
"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A service whose store is full of attacks; `subjects` are the ids to look them up by, by attack."""
    with running_service(tmp_path_factory.mktemp("attacked")) as running:
        addresses = list(ADDRESSES.values())
        quotes, factchecks, articles = [], [], {}
        for number, (name, payload) in enumerate(MARKUP.items(), 1):
            address = addresses[number % len(addresses)]
            quotes.append(attack_quote(number, storable(payload), address))
            factchecks.append(attack_factcheck(number, storable(payload), f"https://checks.example/{number}"))
            articles[name] = attack_article(number, storable(payload), FORMS[number % len(FORMS)])
        factchecks += [attack_factcheck(900, "x", address) for address in addresses]
        import_stream(running.store, "quotes", lines(quotes))
        import_claimreviews(running.store, lines(factchecks), None)
        subjects = {}
        for name, article in articles.items():
            analysis = running.post("/v1/articles", article)
            wanted = [quote["id"] for quote in analysis["quotes"]] or [""]
            reviews = running.store.reviews.find_of(analysis["id"], 0.0)
            subjects[name] = {"article": analysis["id"], "quote": wanted[0]}
            if reviews:
                subjects[name]["review"] = reviews[0][1].id
        yield running, subjects


def lines(records):
    return io.BytesIO("\n".join(map(json.dumps, records)).encode())


@pytest.fixture
def victim(open_context, attacked):
    """A tab that looks at the attacked service, with its detector."""
    detector = Detector(attacked[0].url)
    context = open_context(base_url=attacked[0].url)
    detector.watch(context)
    return context.new_page(), detector


def assert_harmless(page, detector, what):
    assert detector.is_quiet(), (what, page.url, detector.told())
    assert not detector.refused, (what, page.url, detector.refused)
    assert not page.evaluate(FOREIGN), (what, page.url)


def test_there_are_enough_of_them():
    assert len(MARKUP) >= 40
    assert len(set(MARKUP.values())) == len(MARKUP)


def test_most_of_them_reach_the_pages(attacked):
    """An attack that the reader of articles swallows tests nothing."""
    _, subjects = attacked
    assert sum("review" in found for found in subjects.values()) >= len(MARKUP) * 0.8


def test_nothing_that_is_stored_runs(attacked, victim):
    _, subjects = attacked
    page, detector = victim
    for name, found in subjects.items():
        for _ in visit_all_of(page, found):
            assert_harmless(page, detector, name)
