"""What comes from outside is shown and never run: stored and looked at everywhere, typed, and in addresses."""

import io
import json
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect

from service.cli.importing.claimreviews import import_claimreviews
from service.cli.importing.imports import import_stream
from service.store.sign_offs.records import EvidenceFile
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
from tests.browser.places import find_addresses, share, visit, visit_all_of
from tests.browser.served import running_service
from tests.browser.steps import check_article

FORMS = ("text", "html", "markdown")
#: Where words of the address come back in the page.
REFLECTING = (
    "/search?q=",
    "/speakers?q=",
    "/lookup?quote=",
    "/review?rule=",
    "/sign-in?next=",
    "/articles/view/",
)
#: As a fault of ours would: made into nodes by the one policy that may make nodes of strings.
PLANT = """
(payloads) => {
  const policy = trustedTypes.createPolicy("dashboard", { createHTML: (html) => html });
  for (const payload of payloads) {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector("main"));
    document.body.append(range.createContextualFragment(policy.createHTML(payload)));
  }
}
"""
#: What no page of the dashboard has, so that it came from outside. Its own scripts are modules from one folder.
FOREIGN = """
() => {
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    const name = one.localName;
    if (location.pathname === "/bookmarklet" && one.matches("a.button")) continue;  // the bookmark itself
    if (["iframe", "object", "embed", "base", "style", "math", "foreignObject", "marquee", "animate", "video",
         "audio", "img", "portal", "plaintext", "noscript"].includes(name)) found.push(name);
    if (name === "script" && !String(one.src).startsWith(location.origin + "/dashboard/static/")) found.push("script");
    if (name === "link" && !String(one.href).startsWith(location.origin + "/dashboard/static/")) found.push("link");
    if (name === "meta" && one.httpEquiv) found.push("meta");
    for (const goal of ["action", "formaction"].map((key) => Element.prototype.getAttribute.call(one, key)))
      if (goal !== null && new URL(goal, location).origin !== location.origin) found.push(`${name} to ${goal}`);
    for (const attribute of Element.prototype.getAttributeNames.call(one)) {
      const value = Element.prototype.getAttribute.call(one, attribute);
      if (attribute.startsWith("on") || ["style", "srcdoc", "ping", "background"].includes(attribute))
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
    """A service whose store is full of attacks, and the ids of what shows them."""
    with running_service(tmp_path_factory.mktemp("attacked")) as running:
        addresses = list(ADDRESSES.values())
        payloads = dict(enumerate(map(storable, MARKUP.values()), 1))
        quotes = [attack_quote(*one, addresses[one[0] % len(addresses)]) for one in payloads.items()]
        factchecks = [attack_factcheck(*one, f"https://checks.example/{one[0]}") for one in payloads.items()]
        factchecks += [attack_factcheck(900, "x", address) for address in addresses]
        import_stream(running.store, "quotes", lines(quotes))
        import_claimreviews(running.store, lines(factchecks), None)
        subjects, reviewed = [{"quote": one.id} for one in find_imported(running.store)], {}
        for place, some in enumerate(batched(payloads.items(), 3)):
            analysis = running.post("/v1/articles", attack_article(dict(some), FORMS[place % len(FORMS)]))
            say_of(running, analysis, some[0][1])
            subjects.append({"article": analysis["id"], "shared": share(running, analysis["id"])})
            for _, review in running.store.reviews.find_of(analysis["id"], 0.0):
                reviewed[review.quote["matches"][0]["quote_id"]] = review.id
        subjects += [{"review": review_id} for review_id in reviewed.values()]
        yield running, subjects


def say_of(running, analysis, payload):
    """Sign the first quotation off, correct its speaker and comment on it, all in words that attack."""
    where = f"/v1/articles/{analysis['id']}/quotes/{analysis['quotes'][0]['id']}"
    words = payload[:400]
    evidence = [{"passage": {"source": words, "text": words}, "note": words}]
    said = {"status": "fix", "note": words, "evidence": evidence}
    said["correction"] = {"speaker": {"name": " ".join(words.split())[:400]}}
    running.post(f"{where}/sign-off", said, method="PUT")
    file = EvidenceFile(f"f{analysis['id']}", analysis["id"], words, 1, "0", "Zoë", 0.0)
    running.store.sign_offs.add_file(file, b"x", "zoe")
    said["evidence"].append({"file_id": file.id})
    running.post(f"{where}/sign-off", said, method="PUT")
    running.post(f"{where}/comments", {"text": words})


def batched(items, size):
    """Tuples of so many, the last one perhaps of fewer."""
    found = list(items)
    return [tuple(found[start : start + size]) for start in range(0, len(found), size)]


def find_imported(store):
    """The earlier quotes that the attacks came in as."""
    found, cursor = [], None
    while True:
        page = store.find_quotes("council never sell", cursor=cursor, limit=100)
        found += page.items
        if (cursor := page.next_cursor) is None:
            return found


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
    assert sum("quote" in found for found in subjects) == len(MARKUP)
    assert sum("review" in found for found in subjects) > len(MARKUP) // 3  # which ones, the network says


def test_nothing_that_is_stored_runs(attacked, victim):
    _, subjects = attacked
    page, detector = victim
    for found in subjects:
        for _ in visit_all_of(page, found):
            assert_harmless(page, detector, found)


def test_nothing_that_is_stored_runs_where_all_of_it_is_listed(attacked, victim):
    page, detector = victim
    for address in find_addresses(attacked[0]):
        visit(page, address)
        assert_harmless(page, detector, address)


@pytest.mark.parametrize("address", REFLECTING)
def test_nothing_that_is_asked_for_runs(served, page, detector, address):
    """Several at a time: what one of them leaves open, the next may close."""
    short = [storable(payload)[:240] for payload in MARKUP.values()]  # the line of a request has its limit
    for some in batched(short, 3):
        asked = " ".join(some).replace("/", "\\") if address.endswith("/") else " ".join(some)
        page.goto(address + quote(asked, safe=""), wait_until="domcontentloaded")
        assert_harmless(page, detector, some)


@pytest.mark.parametrize("form", ["plain", "html", "markdown"])
def test_nothing_that_is_typed_runs(served, page, detector, form):
    """Streamed into the page by a module, which is another way in than the server's templates."""
    typed = map(storable, MARKUP.values())
    page.goto("/articles/check")
    check_article(page, "\n\n".join(f"“We will sell it {one},” Ann {one} said." for one in typed), form)
    assert_harmless(page, detector, form)


def test_null_bytes_are_refused_by_name(served, page, detector):
    page.goto("/articles/check")
    page.get_by_label("Draft", exact=True).fill(MARKUP["null bytes"])
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("U+0000")
    assert_harmless(page, detector, "null bytes")


def test_nobody_is_sent_elsewhere_after_signing_in(served, page, detector):
    key = served.new_key(["read"])
    assert NEXT
    for address in NEXT:
        page.goto(f"/sign-in?next={quote(address, safe='')}")
        folded = page.locator("details:not([open]) > summary", has_text="API key")
        if folded.count():  # where people have accounts
            folded.click()
        page.get_by_label("API key").fill(key)
        page.locator("form:has(#key) button").click()
        page.wait_for_load_state("load")
        path = urlsplit(page.url).path
        assert page.url.startswith(served.url + "/"), address
        assert not path.startswith(("/v1", "/dashboard/static")), address
        assert_harmless(page, detector, address)


def test_what_would_slip_in_is_stopped_by_the_policy(served, page, detector):
    """The second wall: were something of the above put into the page as markup, it would still not run."""
    page.goto("/sign-in")
    staying = {name: payload for name, payload in MARKUP.items() if name not in ("refresh", "base")}
    page.evaluate(PLANT, list(staying.values()))
    page.wait_for_timeout(500)  # for what waits for an event
    assert not detector.ran, detector.told()
    assert len(detector.refused) >= len(staying) / 2
    assert page.evaluate(FOREIGN), "what is looked for on every page is found where it is"
