"""`python -m tests.faults.import_quotes URL COUNT`: an import to be killed. It says "ready" and begins.

The command itself takes longer to start than to import, so that a random moment would seldom be in the midst.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

from service.matching.models import Origin
from service.store import open_store
from service.store.records import QuoteImport
from tests.faults.words import quotation

DAY = date(2020, 1, 1)


def text_of(number: int) -> str:
    return f"{quotation(number)}, and not a day later than number {number * 7}."


def quote_imports(count: int) -> Iterator[QuoteImport]:
    """Earlier quotes, all different."""
    for number in range(count):
        uri = f"https://example.org/speeches/{number % 300}"
        source = Origin(uri, "A speech", "The Archive", DAY, "speech")
        yield QuoteImport(text_of(number), f"Speaker {number % 50}", DAY, source)


def main(url: str, count: str) -> None:
    store = open_store(url)
    print("ready", flush=True)
    store.import_quotes(quote_imports(int(count)), checkpoint="faults")
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
