"""Blocks that are about the page, not part of the article. Each rule is named for what it recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.text.blocks import Draft

LABEL = re.compile(
    r"(?:related(?: (?:articles?|stor(?:y|ies)|content|coverage|reading|news|topics?|links?|videos?|posts?))?"
    r"|read(?: (?:more|also|next|this|on))?|see also|see more|also read|also see|also on|more|more (?:on|from|about) this"
    r"(?: (?:story|topic))?|read more (?:on|about) this(?: (?:story|topic))?|further reading|recommended|watch|watch now|"
    r"listen|don['’]t miss|you (?:may|might) also (?:like|be interested in)|continue reading|click here|"
    r"read the full (?:story|article)(?: here)?|most (?:read|popular)|trending|subscribe)",
    re.IGNORECASE,
)
SOURCE_LABEL = re.compile(
    r"(?:original (?:url|article|link|source|story)|source url|url|permalink)", re.IGNORECASE
)
EDGES = " \n\t:;.,|–—-→»›>•*()[]/"
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
AGENCY = re.compile(
    r"(?:\b(?:AP|AFP|EPA|EFE|PA|ANP|DPA|UPI|TASS|RIA Novosti|Reuters|Sputnik|Xinhua|Bloomberg|Shutterstock|Alamy|"
    r"Zuma|iStock|Flickr|Unsplash|Wikimedia(?: Commons)?|Ukrinform|Anadolu(?: Agency)?|NurPhoto)"
    r"|\b(?:Images|Photos?|Photobank|Pool|Press Service|Press Office|Pictures|Photography))\W*$"
)
CREDIT_WORDS = 40


def drop_boilerplate(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts that belong to the article, in order."""
    after_image = after_label = False
    for draft in drafts:
        if after_label and is_only_links(draft):
            continue
        caption = is_caption(draft, after_image)
        label = is_lone_label(draft)
        after_image = draft.has_image and not draft.text.strip()
        after_label = label
        if not (
            caption
            or label
            or after_image
            or is_related_link(draft)
            or is_bare_url(draft)
            or is_photo_credit(draft)
        ):
            yield draft


def is_related_link(draft: Draft) -> bool:
    """ "Related article: <a>…</a>": a label such as that, links, and nothing else."""
    linked = draft.linked.strip()
    if not linked:
        return False
    label = draft.unlinked.strip(EDGES)
    if label:
        return LABEL.fullmatch(label) is not None
    start = LABEL.match(linked)
    return start is not None and (start.end() == len(linked.rstrip(EDGES)) or linked[start.end()] in ":|")


def is_lone_label(draft: Draft) -> bool:
    """A heading or line that only announces links, or the article's own address."""
    words = draft.text.strip()
    label = words.strip(EDGES)
    if SOURCE_LABEL.fullmatch(label):
        return words.endswith(":")
    return LABEL.fullmatch(label) is not None and (
        words.endswith(":") or draft.kind == "heading" or draft.is_emphasised
    )


def is_only_links(draft: Draft) -> bool:
    """Nothing but links, as the items of a list of other articles are."""
    return bool(draft.linked.strip()) and not draft.unlinked.strip(EDGES)


def is_bare_url(draft: Draft) -> bool:
    """Nothing but an address, with or without a label before it."""
    words = URL.sub("", draft.text)
    if words == draft.text:
        return False
    label = words.strip(EDGES)
    return not label or SOURCE_LABEL.fullmatch(label) is not None


def is_caption(draft: Draft, after_image: bool) -> bool:
    """Words all in emphasis, with an image in their block or alone in the block before."""
    return (draft.has_image or after_image) and draft.is_emphasised


def is_photo_credit(draft: Draft) -> bool:
    """ "Jane Doe / Getty Images": no sentence, a slash, and an agency or the like at the end."""
    words = draft.text.strip()
    return " / " in words and len(words) < CREDIT_WORDS * 8 and AGENCY.search(words) is not None
