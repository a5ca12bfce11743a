"""Pages are small: what comes over the line at the first visit, with style sheets, modules and pictures."""

from tests.browser.places import find_addresses
from tests.browser.weight import weighing

MOST_BYTES = 100_000


def test_no_page_is_heavy(served, open_context):
    page = open_context().new_page()
    weights = {}
    for address in find_addresses(served):
        with weighing(page) as weight:
            page.goto(address, wait_until="load")
            page.wait_for_load_state("load")
        assert weight.by_address, address
        assert page.url.partition("#")[0] in weight.by_address, "the page itself is counted"
        weights[address] = weight.total
    heavy = {address: total for address, total in weights.items() if total > MOST_BYTES}
    assert not heavy


def test_what_was_loaded_is_not_loaded_again(served, open_context):
    """The style sheet and the modules are kept: their addresses change when they do."""
    page = open_context().new_page()
    asked = []
    page.goto("/review")
    page.on("response", lambda response: asked.append(response) if "/desk/static/" in response.url else None)
    page.goto("/review?state=decided")
    page.wait_for_load_state("load")
    sizes = [response.request.sizes()["responseBodySize"] for response in asked]
    assert sum(sizes) == 0, "from the browser's own cache"
