"""Whether words were said, written or only thought: by the cue's words and the form of the content."""

from __future__ import annotations

import re

from service.extraction.quotation import Act, Attribution
from service.text.span import join_spans



def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MARK = re.compile(r"[“”\"«»„]|``|''")

_WRITING = word_set("""write writes wrote written writing tweet tweets tweeted tweeting retweet retweets retweeted retweeting post posts
    posted posting blog blogs blogged blogging email emails emailed emailing e-mailed e-mail publish publishes
    published publishing print printed read reads reading text texted texting signed sign signs pen penned
    reported reports reporting report found finds find show shows showed showing shown statement letter memo
    op-ed column editorial headline facebook twitter instagram caption captioned release released lists listed list
    filed files filing document documents documented poll survey study data figures records revealed reveals
    indicated indicates estimate estimates estimated projects projected book memoir quoted cited citing cites
    includes included contains contained published per states indicate reveal suggest suggests concluded concludes
    detailed details ruled rules ruling testament typed scrawled inscribed newsletter article""")
_WRITTEN_MEDIA = word_set("""statement letter memo email e-mail emails tweet tweets post posts blog op-ed column editorial book memoir report
    reports article essay twitter facebook instagram release filing filings document documents lawsuit complaint text
    website newsletter note survey poll study paper""")
_WRITTEN_SOURCES = word_set("""poll polls survey surveys report reports study studies statement statements letter letters memo memos email
    emails document documents figures data statistics numbers estimate estimates analysis analyses review book books
    article articles column editorial editorials op-ed story stories headline headlines tweet tweets post posts record
    records filing filings lawsuit complaint indictment affidavit ruling opinion bill law constitution platform
    findings results research papers texts average averages release bulletin sign signs poster website page chart
    graph transcript transcripts newspaper magazine journal times post politico breitbart huffpo reuters bloomberg
    gallup quinnipiac rasmussen""")
_THOUGHT = word_set("""hope hopes hoped hoping want wants wanted wanting plan plans planned planning believe believes believed believing
    think thinks thought thinking fear fears feared fearing feel feels felt feeling consider considers considered
    considering expect expects expected expecting wish wishes wished wishing prefer prefers preferred intend intends
    intended intending worry worries worried worrying know knows knew known knowing see sees saw seen seeing seek seeks
    sought seeking decide decides decided deciding decision doubt doubts doubted ready willing unwilling eager reluctant
    view views viewed viewing like likes liked love loves loved hate hates hated aim aims aimed aiming learn learns
    learned learning understand understands understood remember remembers remembered assume assumes assumed assuming
    imagine imagines imagined concerned concern concerns afraid confident convinced hopeful hopefully optimistic
    pessimistic determined try tries tried trying mull mulls mulled mulling weigh weighs weighed weighing contemplate
    contemplates contemplated contemplating regard regards regarded perceive perceives perceived suspect suspects
    suspected trust trusts trusted distrust anticipate anticipates anticipated oppose opposes opposed opposing favor
    favors favored favoring favour favours favoured support supports supported supporting opposition desire desires
    desired ambition dream dreams dreamed dreaming goal intention belief opinion mind impression sense realize realizes
    realized realise realised recognise recognises recognised recognize recognizes recognized wonder wonders wondered
    wondering guess guesses guessed figure notice notices noticed enjoy enjoys enjoyed need needs needed resent resents
    resented regret regrets regretted admire admires admired care cares cared mean means meant disapprove approve
    approves approved agree agrees agreed disagree disagrees disagreed would-like lean leans leaned leaning convince
    surprised sure certain skeptical sceptical wary thrilled excited angry upset disappointed frustrated
    ponder pondered hesitant keen inclined tempted forget forgets forgot watching watched considered
    judge judges judged deem deems deemed hold holds held credits trusted prepared intent""")
_SPEECH = word_set("""say says said saying tell tells told telling ask asks asked asking add adds added adding note notes noted noting
    call calls called calling claim claims claimed argue argues argued arguing declare declares declared announce
    announces announced describe describes described insist insists insisted warn warns warned explain explains
    explained declined decline declines respond responds responded express expresses expressed speak speaks spoke
    speaking talk talks talked talking mention mentions mentioned mentioning shout shouted chant chanted joke joked
    interview speech remarks remark remarked voiced vow vows vowed vowing pledge pledges pledged promise promises
    promised promising praise praised criticize criticized attack attacked denounce denounced accuse accused accusing
    testify testified according quip quipped repeat repeated reiterate reiterated deny denied denies admit admits
    admitted acknowledge acknowledged confirm confirmed refuse refused urge urged urging demand demanded propose
    proposed propose answer answered reply replied continue continued recall recalls recalled suggested suggesting
    suggestion debate told-reporters state stated stating tout touted blast blasted slam slams slammed mock mocked
    predict predicted predicts complain complained assert asserted contend contended endorse endorsed""")


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _is_marked(text: str, attribution: Attribution) -> bool:
    """Whether quotation marks stand inside or right around the content."""
    return any(_MARK.search(text, max(span.start - 2, 0), span.end + 2) for span in attribution.content)


def _act_of_cue(words: list[str]) -> Act | None:
    """The act the first telling word of a cue names; "said in a statement" is writing."""
    for number, word in enumerate(words):
        if word in _SPEECH:
            return "writing" if not _WRITTEN_MEDIA.isdisjoint(words[number + 1 :]) else "speech"
        if word in _WRITING:
            return "writing"
        if word in _THOUGHT:
            return "thought"
    return None


def classify_act(text: str, attribution: Attribution) -> Act:
    """Tell speech, writing and thought apart.

    Thoughts, plans and wishes have no marks: words within quotation marks were uttered, so a verb of thinking
    around them ("she feels “betrayed”") counts as speech. Documents as sources ("the poll", "a report") write.
    """
    cue = _words(join_spans(text, attribution.cue, " "))
    source = _words(join_spans(text, attribution.source, " "))
    found = _act_of_cue(cue)
    if found == "thought" and _is_marked(text, attribution):
        return "speech"
    if found in {None, "speech"} and _is_document(source):
        return "writing"
    return found or "speech"


def _is_document(source: list[str]) -> bool:
    """Whether the source's core (its words before a preposition) ends in the noun of a document."""
    core: list[str] = []
    for word in source:
        if core and word in {"of", "by", "from", "in", "on", "for", "with", "to", "that", "which", "who"}:
            break
        core.append(word)
    return bool(core) and core[-1] in _WRITTEN_SOURCES
