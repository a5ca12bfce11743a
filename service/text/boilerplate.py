"""Boilerplate: blocks that are not part of the article. Each rule is named for what it recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.text.blocks import Draft

# What announces other articles: "Related article", "See also", "Read the full story at", "More on this".
RELATED = (
    r"related(?: (?:articles?|stor(?:y|ies)|content|coverage|reading|news|topics?|links?|videos?))?"
    r"|also (?:read|see|on \w{1,20})|further reading|recommended(?: (?:reading|stories|for you))?"
    r"|don['’]t miss"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|most (?:read|popular)|trending|up next"
)
INVITATION = (
    r"(?:read|see|watch|listen|more|click|continue)(?: (?:more|also|next|this|these|on|at|in|from|about|the"
    r"|full|rest|of|story|stories|article|interview|report|post|video|here|now|to|coverage|our|reading|via)){0,6}"
)
LABEL = rf"(?:{RELATED}|{INVITATION})"
ONLY_LABEL = re.compile(LABEL, re.IGNORECASE)
LEADING_LABEL = re.compile(rf"{LABEL}\s?(?:[:|»]|$)", re.IGNORECASE)
ADDRESS_LABEL = re.compile(r"(?:original|source) (?:url|article|link|story)|url|permalink", re.IGNORECASE)
ADVERTISEMENT = re.compile(
    r"advertisements?|sponsored(?: content)?"
    r"|(?:story|article) continues (?:below|after)(?: this)?(?: advertisement)?"
    r"|continue reading the main story|sign up for our newsletters?",
    re.IGNORECASE,
)
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
EDGES = " \n\t:;.,|–—-→»›>•*()[]/…"  # what may stand around a label
AGENCY = re.compile(
    r"/ ?(?:[A-Z][\w.'’-]*+ ){0,4}(?:AP|AFP|EPA|EFE|PA|ANP|DPA|UPI|TASS|Reuters|REUTERS|Sputnik|Xinhua|"
    r"Bloomberg|Shutterstock|Alamy|Zuma|iStock|Flickr|Unsplash|Wikimedia(?: Commons)?|Ukrinform|"
    r"Anadolu(?: Agency)?|NurPhoto|Novosti|Images|Photos?|Photobank|Pool|Pictures|Photography|"
    r"Press Service|Press Office)\)?$"
)
CREDIT = re.compile(
    r"\(?(?:(?:photos?|images?|pictures?|photograph)(?: (?:credits?|source|courtesy))?\s?[:/,]"
    r"|(?:photo|picture)s? by |AP Photo)",
    re.IGNORECASE,
)
# What the embedding code of a social network says of itself.
POST_LABEL = re.compile(
    r"view (?:this (?:post|photo|profile) )?on [\w .]{1,20}|posts? by @?\S{1,60}|\[image or embed\]"
    r"|♬ .{0,100}"
    r"|this post is unavailable\.?",
    re.IGNORECASE,
)
LONGEST_CREDIT = 300  # characters
LONGEST_CAPTION = 400


def drop_boilerplate(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts that belong to the article, in order."""
    after_image = after_label = False
    for draft in drafts:
        if after_label and is_only_links(draft):
            continue
        after_label = is_lone_label(draft)
        drop = after_label or is_caption(draft, after_image) or any(rule(draft) for rule in RULES)
        after_image = draft.has_image and not draft.text
        if not (drop or after_image):
            yield draft


def is_related_link(draft: Draft) -> bool:
    """ "Related article: <a>…</a>": links, with such a label before or inside them, and nothing else."""
    linked = draft.linked
    if not linked:
        return False
    label = draft.unlinked.strip(EDGES)
    if label:
        return ONLY_LABEL.fullmatch(label) is not None
    return LEADING_LABEL.match(linked) is not None


def is_lone_label(draft: Draft) -> bool:
    """A heading or line that only announces links, or the article's own address."""
    words = draft.text
    label = words.strip(EDGES)
    if ADDRESS_LABEL.fullmatch(label):
        return words.endswith(":")
    announces = words.endswith(":") or draft.kind == "heading" or draft.is_bold
    return announces and ONLY_LABEL.fullmatch(label) is not None


def is_only_links(draft: Draft) -> bool:
    """Nothing but links, as the items of a list of other articles are."""
    return bool(draft.linked) and not draft.unlinked.strip(EDGES)


def is_bare_url(draft: Draft) -> bool:
    """Nothing but an address, with or without a label before it."""
    words = draft.text
    rest = URL.sub("", words)
    if rest == words:
        return False
    label = rest.strip(EDGES)
    return not label or ADDRESS_LABEL.fullmatch(label) is not None


def is_caption(draft: Draft, after_image: bool) -> bool:
    """Words all in italics, with an image in their block or alone in the block before."""
    words = draft.text
    return (draft.has_image or after_image) and 0 < len(words) <= LONGEST_CAPTION and draft.is_italic


def is_photo_credit(draft: Draft) -> bool:
    """ "Jane Doe / Getty Images": a slash, an agency or the like, and nothing after it; or "Photo: …"."""
    words = draft.text
    return len(words) <= LONGEST_CREDIT and (AGENCY.search(words) is not None or is_credit_line(words))


def is_credit_line(words: str) -> bool:
    """ "Photo: Jane Doe", "(AP Photo/John Doe)": begins as a credit does, and is no longer than one."""
    return CREDIT.match(words) is not None and len(words.split()) <= 12


def is_advertisement(draft: Draft) -> bool:
    """ "Advertisement", "Story continues below"."""
    return ADVERTISEMENT.fullmatch(draft.text.strip(EDGES)) is not None


def is_post_label(draft: Draft) -> bool:
    """ "View this post on Instagram": words of an embedded post that nobody wrote."""
    return draft.kind == "post" and POST_LABEL.fullmatch(draft.text.strip()) is not None


RULES = (is_related_link, is_bare_url, is_photo_credit, is_advertisement, is_post_label)
