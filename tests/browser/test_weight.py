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
    page.goto("/review", wait_until="load")
    with weighing(page, first=False) as weight:
        page.goto("/review?state=decided", wait_until="load")
    own = {address: size for address, size in weight.by_address.items() if "/dashboard/static/" in address}
    assert own
    assert not any(own.values())
