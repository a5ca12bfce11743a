"""Which language a text is written in, by its script and its commonest function words.

A table of function words is enough for whole articles and costs nothing: the smallest well-kept library tried
(py3langid 0.4) takes 80 MB and a second to load, a third of what a whole worker may use.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

SAMPLE_CHARACTERS = 20_000  # an article's language shows long before its end
SAMPLE_WORDS = 3_000
LEAST_WORDS = 4
LEAST_DISTINCT = 3  # function words
LEAST_SHARE = 0.12
LEAST_RATIO = 1.3  # of the best language's hits to the next one's
LEAST_LEAD = 0.08  # or so much more of all words

# A letter beside a dot, an apostrophe or a hyphen is no word: "U.S.", "l'État", "x-ray".
_WORD = re.compile(r"[^\W\d_]{2,}|(?<![\w.'’\-])[^\W\d_](?![\w.'’\-])")
_FUNCTION_WORDS = {
    "en": """the of and to in a is that for it with as was on be at by this are have not from or had but
    his they she which you were all their one there been has when who will more no if out so
    said what up its about into than them can only other new some could these may says how
    after he we an over would her vs why our your my against where off get first before back
    now just people ahead amid like still should us i""",
    "de": """der die das und ist in zu den von mit sich des auf für nicht ein eine als auch es an werden
    aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war
    haben nur oder aber vor zur bis mehr durch man sein wurde sei gegen vom können schon
    wenn habe seine ihre dem im ich wir""",
    "fr": """le la les de des et un une en du est dans que qui pour au pas sur ce il ne se plus par avec
    son elle aux sa mais ont ou comme nous ses été cette être sont fait on leur même ces
    dont selon après entre qu était""",
    "es": """el la los las de que y en un una por con no se del para es al lo como más su sus pero o este
    ha fue sobre también entre cuando muy sin son hasta desde le ya todo esta han ser está
    dijo según donde años tras lunes todavía gobierno ministro embargo""",
    "it": """il lo la i gli le di che e è un una per in del della dei delle non si da con al alla nel
    nella sono ha come più ma anche se dal dalla sul hanno questo questa essere stato dopo
    ai dell all l suo sua tra chi""",
    "pt": """o a os as de do da dos das e que em um uma para com não no na nos nas por se mais ao como
    foi é ser são pelo pela mas também ele ela seu sua está entre já até quando há ou aos
    tem disse sobre após isso""",
    "nl": """de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit
    nog naar heeft door over ze hij was worden werd deze dit hebben wordt zich meer zegt tot
    kan geen na onder al""",
    "sv": """och att det i en som är av på för med till den har de inte ett om var han men sig från vi så
    kan hade när eller efter säger också ut upp nu över mot under där vid sin hon skulle bli
    än""",
    "da": """og at det i en er som på af for med til den har de ikke et om var han men sig fra vi så kan
    havde når eller efter siger også ud op nu over mod under der ved sin hun skulle blive
    end bliver blev""",
    "no": """og at det i en er som på av for med til den har de ikke et om var han men seg fra vi så kan
    hadde når eller etter sier også ut opp nå over mot under der ved sin hun skulle bli enn
    blir ble""",
    "fi": """ja on ei että se hän oli ovat mutta myös kun niin kuin joka tai mukaan sen jos ole ollut
    hänen jo vain nyt mitä sekä olla voi ettei sanoo tämä ne siitä olisi vielä""",
    "pl": """i w na z że się nie do to jest o jak od po za przez ale dla przy czy są był oraz który która
    które jego tym ma być już ze tego także może tylko pod lub jej""",
    "cs": """a v na se že je do s to z o by ale jako za pro jsou podle od po který která které jeho byl
    bylo už však jen nebo ještě tak při před jak také má jsem aby""",
    "sk": """a v na sa že je do s to z o by ale ako za pre sú podľa od po ktorý ktorá ktoré jeho bol bolo
    už však len alebo ešte tak pri pred aj má som aby""",
    "hu": """a az és hogy nem is egy ez meg csak van már de volt mint még vagy szerint azt ki ha majd el
    lesz pedig után sem lehet között illetve""",
    "ro": """și de în a la cu pe că nu un o din este pentru care mai au fost sau dar prin după ce se al
    ale sunt sa lui fi cum despre până între va acest această""",
    "tr": """ve bir bu da de için ile olarak çok daha olan gibi ne var sonra kadar ama ise en o ki değil
    her mi dedi olduğunu tarafından göre""",
    "hr": """i u je na se da su za od s a o koji koja koje ne iz kao što bi ali do sam nije će biti te po
    to kako prema""",
    "id": """yang dan di dengan untuk dari ini itu pada dalam tidak akan oleh juga ke ada adalah sebagai
    telah karena mereka bisa kata saat lebih tersebut para""",
    "vi": """của và là có trong được cho không những với các một này người đã khi để đến từ cũng ông theo
    về tại""",
    "ca": """el la els les de que i en un una per amb no es del al com més però o aquest ha ser són també
    entre quan dels seva seu fins sobre han va segons""",
    "lt": """ir kad yra su į iš bet tai kaip ar jis nuo dėl buvo už apie po per taip jau""",
    "lv": """un ir ka ar no uz par kas bet arī to kā vai pēc tika nav bija pie lai""",
    "et": """ja on ei et see oli ka mis kui ning aga oma ta või siis pole juba kes mida""",
    "eo": """la de kaj en estas al ne ke por kun li ĝi sed kiu pri el ili oni""",
}
_CYRILLIC_WORDS = {
    "ru": """и в не на что с он как по это но его из у за от был для о же так они мы ы э ё после также
    ещё этому этой было будет""",
    "uk": """і в не на що з він як та до це але його із у за від був для про й є ї які після також""",
    "bg": """и в не на че с той как по това но от за са се да е ще със при като след също""",
    "sr": """и у не на да с он је по то али од за су се као што из ће после такође ј""",
    "be": """і ў не на што з ён як па гэта але яго у за ад быў для пра які пасля таксама""",
}

_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "THAI": "th", "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "ETHIOPIC": "am", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "SINHALA": "si", "GUJARATI": "gu",
    "GURMUKHI": "pa", "KANNADA": "kn", "MALAYALAM": "ml",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _scripts(text: str) -> Counter[str]:
    """How many letters of each script a text holds."""
    found: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            found[_script(character)] += count
    return found


@lru_cache(maxsize=2)
def _table(cyrillic: bool) -> Mapping[str, frozenset[str]]:
    source = _CYRILLIC_WORDS if cyrillic else _FUNCTION_WORDS
    return {language: frozenset(words.split()) for language, words in source.items()}


def _by_function_words(text: str, cyrillic: bool) -> str | None:
    """The language whose function words make up most of the text, if clearly more than any other's."""
    words = Counter(match[0].casefold() for match in islice(_WORD.finditer(text), SAMPLE_WORDS))
    tables = _table(cyrillic)
    hits = [(sum(words[word] for word in table), language) for language, table in tables.items()]
    (best, language), (second, _) = sorted(hits, reverse=True)[:2]
    total = words.total()
    distinct = sum(word in tables[language] for word in words)
    if total < LEAST_WORDS or best < LEAST_SHARE * total or distinct < LEAST_DISTINCT:
        return None
    clear = best >= LEAST_RATIO * second or best - second >= LEAST_LEAD * total
    return language if clear else None


def _by_letters(script: str, scripts: Counter[str], text: str) -> str | None:
    """The language of a script that serves one language, or that tell-tale letters decide."""
    if script == "ARABIC":
        return "fa" if any(letter in text for letter in "پچژگ") else "ar"
    if script == "CJK" and scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * scripts["CJK"]:
        return "ja"
    return _SCRIPTS.get(script)


def recognise_language(text: str) -> str | None:
    """The BCP 47 code of a text's language, None where the text is too short or undecided to tell."""
    sample = text[:SAMPLE_CHARACTERS]
    scripts = _scripts(sample)
    if not scripts:
        return None
    script, letters = scripts.most_common(1)[0]
    if script in {"LATIN", "CYRILLIC"}:
        return _by_function_words(sample, script == "CYRILLIC") if letters > 0.5 * scripts.total() else None
    return _by_letters(script, scripts, sample)
