"""Web addresses as identities of sources: normalisation of their spellings.

Only parts that never lead to another page are removed. So a
query keeps all its parameters except those for tracking.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w.:-]+")
_DEFAULT_PORTS: Final = frozenset({80, 443})
#: Tracking parameters: from the lists of Firefox and ClearURLs, and of newspapers.
_TRACKING: Final = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|itm|hsa|oly|vero|mc|ns|at)_\w+|_hs\w+|__hs\w+"
    r"|(?:fbc|gc|dc|twc|ttc|yc|ysc)lid|msclkid|gclsrc|gbraid|wbraid|igsh(?:id)?|srsltid|mkt_tok|_ga|_gl"
    r"|_openstat|__twitter_impression|ref_src|ref_url|guccounter|guce_\w+|wt_z?mc|smid|cmpid|ocid|ncid|xtor"
    r"|cmp",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def address_key(uri: str) -> str:
    """The normalised spelling of a web address.

    http and https, with and without `www.`, a default port, a slash at the end, a fragment, the order of
    parameters and tracking parameters make no difference. Identifiers that are no web addresses (`urn:…`)
    and addresses that cannot be parsed stay as they are. Raises nothing.
    """
    if not _WEB.match(uri):
        return uri
    try:
        parts = urlsplit(canonicalize_url(uri, keep_fragments=True))
        netloc = _name_host(parts)
    except ValueError:
        return uri
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    # Behind "#!" stands the page itself, on sites whose pages are made by scripts.
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", netloc, parts.path.rstrip("/"), query, fragment))


def _name_host(parts: SplitResult) -> str:
    """The host without `www.`, with its port where that is not the usual one. Raises ValueError."""
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if not _HOST.fullmatch(host):
        raise ValueError("no host")
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port not in _DEFAULT_PORTS:
        host = f"{host}:{parts.port}"
    user = parts.netloc.rpartition("@")[0]
    return f"{user}@{host}" if user else host
