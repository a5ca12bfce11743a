"""Files as the programs of reporters write them, from one interview: text, Markdown, HTML, captions, JSON, mail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from tests.sources.interview import Interview, Said, wrap

Expected = list[tuple[str | None, str]]


@dataclass(frozen=True)
class Written:
    """A file, and the turns that a reader has to find in it. `timed`: it has times to be found."""

    name: str
    data: bytes
    expected: Expected
    timed: bool = False


Writer = Callable[[Interview], Written]
WRITERS: dict[str, Writer] = {}


def writer(function: Writer) -> Writer:
    """Registers one by its name."""
    WRITERS[function.__name__] = function
    return function


def clock(seconds: float, form: str = "h:mm:ss") -> str:
    """A time in one of the forms that programs write."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    part = round((seconds - whole) * 1000)
    return {
        "h:mm:ss": f"{hours:02}:{minutes:02}:{rest:02}",
        "m:ss": f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}",
        "srt": f"{hours:02}:{minutes:02}:{rest:02},{part:03}",
        "vtt": f"{hours:02}:{minutes:02}:{rest:02}.{part:03}",
    }[form]


def as_said(interview: Interview, name: Callable[[str], str | None] = lambda speaker: speaker) -> Expected:
    """The turns, with names as `name` makes them."""
    return [(name(turn.speaker), turn.text) for turn in interview.turns]


def paragraphs(turn: Said) -> list[str]:
    """The paragraphs of a turn."""
    return turn.text.split("\n\n")


def initials(name: str) -> str:
    """The first letters of a name."""
    return "".join(word[0] for word in name.split())


def of_roles(interview: Interview, ask: str, answer: str) -> Callable[[str], str]:
    """Roles for names; a third person keeps a number."""
    others = [
        name for name in dict.fromkeys(turn.speaker for turn in interview.turns) if name != interview.asking
    ]
    numbered = answer if len(answer) == 1 else f"{answer} 2"
    return lambda name: ask if name == interview.asking else answer if name == others[0] else numbered


def text_file(
    interview: Interview,
    kind: str,
    text: str,
    expected: Expected | None = None,
    timed: bool = False,
    suffix: str = "txt",
    encoding: str = "utf-8",
) -> Written:
    """A text of an interview as a file."""
    data = text.encode(encoding)
    return Written(f"{interview.name}-{kind}.{suffix}", data, expected or as_said(interview), timed)


# Plain text


@writer
def labels(interview: Interview) -> Written:
    """As typed: a name, a colon, the words."""
    return text_file(interview, "labels", "".join(f"{t.speaker}: {t.text}\n\n" for t in interview.turns))


@writer
def labels_close(interview: Interview) -> Written:
    """Without blank lines, under a title and a day."""
    head = f"{interview.title}\n{interview.day}\n\n"
    body = "".join(f"{t.speaker}: {' '.join(t.text.split())}\n" for t in interview.turns)
    return text_file(interview, "close", head + body)


@writer
def capitals_wrapped(interview: Interview) -> Written:
    """Names in capitals, lines of 72 characters, as from a typing agency."""
    lines = [interview.title.upper(), "Transcript", "", "-" * 60, ""]
    for turn in interview.turns:
        first, *others = paragraphs(turn)
        lines += [*wrap(f"{turn.speaker.upper()}: {first}", 72), ""]
        for other in others:
            lines += [*wrap(other, 72), ""]
    lines += ["[END OF TRANSCRIPT]"]
    return text_file(interview, "capitals", "\n".join(lines), as_said(interview, str.upper))


@writer
def otter(interview: Interview) -> Written:
    """Otter's export."""
    head = f"{interview.title}\nThu, Mar 12, 2026 10:02AM • 45:01\n\nSUMMARY KEYWORDS\nbridge, council, money\n\nSPEAKERS\n"
    head += ", ".join(dict.fromkeys(t.speaker for t in interview.turns)) + "\n\n"
    body = "".join(
        f"{t.speaker}  {clock(t.start_s, 'm:ss')}\n{' '.join(t.text.split())}\n\n" for t in interview.turns
    )
    return text_file(interview, "otter", f"{head}{body}Transcribed by https://otter.ai\n", timed=True)


@writer
def bracketed_times(interview: Interview) -> Written:
    """A time in brackets, then the label."""
    return text_file(
        interview,
        "times",
        "".join(f"[{clock(t.start_s)}] {t.speaker}: {t.text}\n" for t in interview.turns),
        timed=True,
    )


@writer
def rev(interview: Interview) -> Written:
    """Rev's: the name with the time, the words on the next line."""
    return text_file(
        interview,
        "rev",
        "".join(f"{t.speaker} ({clock(t.start_s, 'm:ss').zfill(5)}):\n{t.text}\n\n" for t in interview.turns),
        timed=True,
    )


@writer
def happy_scribe(interview: Interview) -> Written:
    """Happy Scribe's: time, dash, name."""
    return text_file(
        interview,
        "happy",
        "".join(f"[{clock(t.start_s, 'vtt')}] - {t.speaker}\n{t.text}\n\n" for t in interview.turns),
        timed=True,
    )


@writer
def sonix(interview: Interview) -> Written:
    """Sonix's: name, time, words on one line."""
    return text_file(
        interview,
        "sonix",
        "".join(f"{t.speaker}: [{clock(t.start_s)}] {t.text}\n\n" for t in interview.turns),
        timed=True,
    )


@writer
def fathom(interview: Interview) -> Written:
    """Fathom's: time, dash, name with the firm, indented words."""
    firm = "Portwick Times"
    return text_file(
        interview,
        "fathom",
        f"{interview.title} - March 12\n\n---\n\n"
        + "".join(
            f"{clock(t.start_s, 'm:ss')} - {t.speaker} ({firm})\n  {' '.join(t.text.split())}\n\n"
            for t in interview.turns
        ),
        as_said(interview, lambda name: f"{name} ({firm})"),
        timed=True,
    )


@writer
def meet(interview: Interview) -> Written:
    """Google Meet's: names with colons, a time alone every now and then."""
    head = f"{interview.title} - Transcript\n\nAttendees\n\n{', '.join(dict.fromkeys(t.speaker for t in interview.turns))}\n\nTranscript\n\n"
    body = "".join(
        f"{clock(t.start_s)}\n\n{t.speaker}: {' '.join(t.text.split())}\n\n" for t in interview.turns
    )
    tail = "This editable transcript was computer generated and might contain errors. People can also change the text after it was created.\n"
    return text_file(interview, "meet", head + body + tail, timed=True)


@writer
def teams_blocks(interview: Interview) -> Written:
    """Teams' old export: a range of times, the name, the words."""

    def stamp(seconds: float) -> str:
        return (
            f"{int(seconds) // 3600}:{int(seconds) // 60 % 60}:{int(seconds) % 60}.{round(seconds % 1 * 100)}"
        )

    return text_file(
        interview,
        "teams",
        "".join(
            f"{stamp(t.start_s)} --> {stamp(t.end_s)}\n{t.speaker}\n{' '.join(t.text.split())}\n\n"
            for t in interview.turns
        ),
        timed=True,
    )


@writer
def questions_and_answers(interview: Interview) -> Written:
    """Q: and A:."""
    name = of_roles(interview, "Q", "A")
    return text_file(
        interview,
        "qa",
        "".join(f"{name(t.speaker)}: {t.text}\n\n" for t in interview.turns),
        as_said(interview, name),
    )


@writer
def court(interview: Interview) -> Written:
    """A hearing: Q. and A., indented and wrapped."""
    name = of_roles(interview, "Q", "A")
    body = []
    for turn in interview.turns:
        label = name(turn.speaker)
        opening = f"{label}.   " if len(label) == 1 else f"{label.upper()}:   "
        body += [f"        {line}" for line in wrap(opening + turn.text, 56)]
    expected = as_said(
        interview, lambda speaker: name(speaker) if len(name(speaker)) == 1 else name(speaker).upper()
    )
    return text_file(interview, "court", "\n".join(body), expected)


@writer
def names_alone(interview: Interview) -> Written:
    """The name in capitals on a line of its own, as in a script."""
    return text_file(
        interview,
        "script",
        "".join(f"{t.speaker.upper()}\n{t.text}\n\n" for t in interview.turns),
        as_said(interview, str.upper),
    )


@writer
def cast_and_initials(interview: Interview) -> Written:
    """Initials for names, with a list of who they are."""
    people = dict.fromkeys(t.speaker for t in interview.turns)
    head = f"Title: {interview.title}\nDate: {interview.day}\n\n" + "".join(
        f"{initials(name)}: {name}\n" for name in people
    )
    return text_file(
        interview,
        "initials",
        head + "\n" + "".join(f"{initials(t.speaker)}: {t.text}\n\n" for t in interview.turns),
    )


@writer
def oral_history(interview: Interview) -> Written:
    """Roles, and who had them in the head."""
    name = of_roles(interview, "Interviewer", "Interviewee")
    people = list(dict.fromkeys(t.speaker for t in interview.turns))
    head = f"Interviewee: {people[1]}\nInterviewer: {people[0]}\nDate: {interview.day}\nPlace: Portwick Town Hall\n\n"
    expected = as_said(interview, lambda speaker: speaker if speaker in people[:2] else name(speaker))
    return text_file(
        interview,
        "oral",
        head + "".join(f"{name(t.speaker)}: {t.text}\n\n" for t in interview.turns),
        expected,
    )


@writer
def inline_times(interview: Interview) -> Written:
    """A time among the words."""
    body = ""
    for turn in interview.turns:
        words = turn.text.split(" ")
        half = len(words) // 2
        middle = turn.start_s + (turn.end_s - turn.start_s) * half / len(words)
        body += f"{turn.speaker}: {' '.join(words[:half])} [{clock(middle)}] {' '.join(words[half:])}\n\n"
    return text_file(interview, "inline", body)


@writer
def tabs(interview: Interview) -> Written:
    """A sheet saved as text: time, name, words."""
    rows = [
        "Time\tSpeaker\tText",
        *(f"{clock(t.start_s)}\t{t.speaker}\t{' '.join(t.text.split())}" for t in interview.turns),
    ]
    return text_file(interview, "tabs", "\n".join(rows), timed=True)


@writer
def chevrons(interview: Interview) -> Written:
    """A broadcaster's closed captions as text."""
    body = "".join("\n".join(wrap(f">> {t.speaker.upper()}: {t.text}", 34)) + "\n" for t in interview.turns)
    return text_file(interview, "chevrons", body, as_said(interview, str.upper))


@writer
def with_sounds(interview: Interview) -> Written:
    """Laughter, music and gaps."""
    body = "[Music]\n\n" + "".join(
        f"{t.speaker}: {t.text} [laughter]\n\n(Applause)\n\n" for t in interview.turns
    )
    return text_file(interview, "sounds", body)


@writer
def utf16(interview: Interview) -> Written:
    """Notepad's Unicode."""
    text = "".join(f"{t.speaker}: {t.text}\r\n\r\n" for t in interview.turns)
    return text_file(interview, "utf16", text, encoding="utf-16")


@writer
def windows(interview: Interview) -> Written:
    """Windows-1252, with typographic marks."""
    text = "".join(f"{t.speaker}: {t.text}\r\n\r\n" for t in interview.turns)
    return text_file(interview, "cp1252", text, encoding="cp1252")


@writer
def macintosh(interview: Interview) -> Written:
    """Mac Roman, lines ended by carriage returns."""
    text = "".join(f"{t.speaker}: {t.text}\r\r" for t in interview.turns)
    return text_file(interview, "mac", text, encoding="mac_roman")


# Markdown and HTML


@writer
def markdown(interview: Interview) -> Written:
    """Bold names with colons, under a heading."""
    head = f"---\ntitle: {json.dumps(interview.title, ensure_ascii=False)}\ndate: {interview.day}\n---\n\n# {interview.title}\n\n"
    return text_file(
        interview,
        "bold",
        head + "".join(f"**{t.speaker}:** {t.text}\n\n" for t in interview.turns),
        suffix="md",
    )


@writer
def markdown_times(interview: Interview) -> Written:
    """Bold names, the colon outside, times escaped."""
    return text_file(
        interview,
        "boldtimes",
        "".join(f"**{t.speaker}**: \\[{clock(t.start_s)}\\] {t.text}\n\n" for t in interview.turns),
        suffix="md",
        timed=True,
    )


@writer
def markdown_questions(interview: Interview) -> Written:
    """Bold questions, answers in plain type, nobody named."""
    body = "".join(
        f"**{' '.join(t.text.split())}**\n\n" if t.speaker == interview.asking else f"{t.text}\n\n"
        for t in interview.turns
    )
    expected: Expected = []
    for turn in interview.turns:
        words = " ".join(turn.text.split())
        if expected and turn.speaker != interview.asking and expected[-1][0] == "answer":
            expected[-1] = ("answer", f"{expected[-1][1]} {words}")
        else:
            expected.append(("question" if turn.speaker == interview.asking else "answer", words))
    return text_file(interview, "questions", body, [(None, words) for _, words in expected], suffix="md")


def page(interview: Interview, body: str) -> str:
    """A page of a site around a transcript."""
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{escape(interview.title)} | Portwick Radio</title>"
        "<style>p{margin:0}</style></head><body><header><nav><a href=/>Home</a> <a href=/shows>Shows</a></nav>"
        f"</header><main><h1>{escape(interview.title)}</h1><p class=date>{interview.day}</p>{body}</main>"
        "<footer><p>© Portwick Radio. All rights reserved.</p></footer><script>var a = 'b: c';</script></body></html>"
    )


@writer
def html_page(interview: Interview) -> Written:
    """A page with a paragraph a turn, names in bold type."""
    body = "".join(
        f"<p><strong>{escape(t.speaker)}:</strong> {'</p><p>'.join(map(escape, paragraphs(t)))}</p>"
        for t in interview.turns
    )
    return text_file(interview, "page", page(interview, body), suffix="html")


@writer
def html_table(interview: Interview) -> Written:
    """A page with a table."""
    rows = "".join(
        f"<tr><td>{clock(t.start_s)}</td><td>{escape(t.speaker)}</td><td>{escape(t.text)}</td></tr>"
        for t in interview.turns
    )
    return text_file(
        interview,
        "table",
        page(interview, f"<table><tr><th>Time</th><th>Speaker</th><th>Words</th></tr>{rows}</table>"),
        suffix="html",
        timed=True,
    )


@writer
def html_breaks(interview: Interview) -> Written:
    """One paragraph, a turn a line."""
    body = "<br>\n".join(
        f"<b>{escape(t.speaker.upper())}</b>: {escape(' '.join(t.text.split()))}" for t in interview.turns
    )
    return text_file(
        interview,
        "breaks",
        page(interview, f"<div class=transcript><p>{body}</p></div>"),
        as_said(interview, str.upper),
        suffix="htm",
    )


@writer
def html_headings(interview: Interview) -> Written:
    """Names as small headings in blocks of their own."""
    body = "".join(
        f"<div><span class=n><b>{escape(t.speaker)}</b></span><br><span>{escape(t.text)}</span></div>"
        for t in interview.turns
    )
    return text_file(interview, "blocks", page(interview, body), suffix="html")


# Captions


def cues(
    interview: Interview, form: str, words: Callable[[str, tuple[str, ...], bool], str], ids: bool = True
) -> Iterator[str]:
    """The captions as blocks."""
    for number, shown in enumerate(interview.captions(), start=1):
        head = f"{number}\n" if ids else ""
        yield f"{head}{clock(shown.start_s, form)} --> {clock(shown.end_s, form)}\n{words(shown.speaker, shown.lines, shown.begins)}\n\n"


@writer
def srt_labels(interview: Interview) -> Written:
    """SubRip, the name where a turn begins."""
    text = "".join(
        cues(interview, "srt", lambda name, lines, begins: (f"{name}: " if begins else "") + "\n".join(lines))
    )
    return text_file(interview, "labels", text, suffix="srt", timed=True)


@writer
def srt_every(interview: Interview) -> Written:
    """SubRip from a diarising Whisper: the voice on each caption, carriage returns, a byte order mark."""
    name = of_roles(interview, "SPEAKER_00", "SPEAKER_01")
    text = "".join(cues(interview, "srt", lambda speaker, lines, _: f"[{name(speaker)}]: " + " ".join(lines)))
    return text_file(
        interview,
        "whisperx",
        text.replace("\n", "\r\n"),
        as_said(interview, name),
        suffix="srt",
        encoding="utf-8-sig",
        timed=True,
    )


@writer
def srt_broadcast(interview: Interview) -> Written:
    """SubRip of a broadcaster: chevrons, italics, positions, sounds, no blank lines between some."""

    def words(name: str, lines: tuple[str, ...], begins: bool) -> str:
        return "{\\an8}<i>" + (f">> {name.upper()}: " if begins else "") + "\n".join(lines) + "</i>"

    text = "1\n00:00:00,100 --> 00:00:00,900\n[MUSIC PLAYING]\n\n" + "".join(
        cues(interview, "srt", words)
    ).replace("\n\n", "\n", 3)
    return text_file(interview, "broadcast", text, as_said(interview, str.upper), suffix="srt", timed=True)


@writer
def srt_plain(interview: Interview) -> Written:
    """SubRip that names nobody."""
    text = "".join(cues(interview, "srt", lambda _, lines, __: "\n".join(lines)))
    return text_file(
        interview,
        "plain",
        text,
        [(None, " ".join(t.text for t in interview.turns))],
        suffix="srt",
        timed=True,
    )


@writer
def vtt_voices(interview: Interview) -> Written:
    """WebVTT with voices, settings, notes and styles."""
    text = "".join(
        cues(
            interview,
            "vtt",
            lambda name, lines, _: f"<v {name}>{escape(chr(10).join(lines), quote=False)}</v>",
        )
    )
    head = "WEBVTT - interview\n\nSTYLE\n::cue(v) { color: lime }\n\nNOTE made by hand\n\n"
    return text_file(interview, "voices", head + text.replace(" --> ", " --> ", 1), suffix="vtt", timed=True)


@writer
def vtt_zoom(interview: Interview) -> Written:
    """Zoom's: numbers, the name before the words of each caption."""
    text = "".join(cues(interview, "vtt", lambda name, lines, _: f"{name}: {' '.join(lines)}"))
    return text_file(
        interview,
        "zoom",
        f"WEBVTT\r\n\r\n{text}".replace("\n", "\r\n").replace("\r\r", "\r"),
        suffix="vtt",
        timed=True,
    )


@writer
def vtt_teams(interview: Interview) -> Written:
    """Teams': an identifier of letters, voices."""
    guid = "3f2b1c9e-7d4a-4a8b-9c1d-2e5f6a7b8c9d"
    blocks = [
        f"{guid}/{n}-0\n{clock(s.start_s, 'vtt')} --> {clock(s.end_s, 'vtt')}\n<v {s.speaker}>{' '.join(s.lines)}</v>\n\n"
        for n, s in enumerate(interview.captions())
    ]
    return text_file(interview, "teams", "WEBVTT\n\n" + "".join(blocks), suffix="vtt", timed=True)


@writer
def vtt_youtube(interview: Interview) -> Written:
    """YouTube's automatic captions, which roll."""
    blocks = []
    before = " "
    for shown in interview.captions():
        line = " ".join(shown.lines)
        first, *others = line.split()
        tagged = first + "".join(f"<{clock(shown.start_s, 'vtt')}><c> {word}</c>" for word in others)
        blocks.append(
            f"{clock(shown.start_s, 'vtt')} --> {clock(shown.end_s - 0.01, 'vtt')} align:start position:0%\n{before}\n{tagged}\n\n"
        )
        blocks.append(
            f"{clock(shown.end_s - 0.01, 'vtt')} --> {clock(shown.end_s, 'vtt')} align:start position:0%\n{line}\n \n\n"
        )
        before = line
    text = "WEBVTT\nKind: captions\nLanguage: en\n\n" + "".join(blocks)
    return text_file(
        interview,
        "youtube",
        text,
        [(None, " ".join(t.text for t in interview.turns))],
        suffix="en.vtt",
        timed=True,
    )


@writer
def vtt_short_times(interview: Interview) -> Written:
    """Times without hours, labels in capitals."""
    text = "".join(
        cues(
            interview,
            "vtt",
            lambda name, lines, begins: (f"{name.upper()}: " if begins else "") + "\n".join(lines),
            ids=False,
        )
    )
    return text_file(
        interview,
        "short",
        "WEBVTT\n\n" + text.replace("\n00:", "\n").replace("> 00:", "> "),
        as_said(interview, str.upper),
        suffix="vtt",
        timed=True,
    )


# JSON


@writer
def whisper(interview: Interview) -> Written:
    """OpenAI's Whisper: segments, nobody named."""
    segments = [
        {
            "id": n,
            "seek": 0,
            "start": s.start_s,
            "end": s.end_s,
            "text": " " + " ".join(s.lines),
            "tokens": [1, 2],
            "temperature": 0.0,
            "avg_logprob": -0.2,
        }
        for n, s in enumerate(interview.captions())
    ]
    whole = " ".join(t.text for t in interview.turns)
    return text_file(
        interview,
        "whisper",
        json.dumps({"text": whole, "segments": segments, "language": "en"}),
        [(None, whole)],
        suffix="json",
        timed=True,
    )


@writer
def whisperx(interview: Interview) -> Written:
    """WhisperX: segments and words with voices."""
    name = of_roles(interview, "SPEAKER_00", "SPEAKER_01")
    segments = []
    for shown in interview.captions():
        words = " ".join(shown.lines).split()
        step = (shown.end_s - shown.start_s) / len(words)
        timed = [
            {
                "word": word,
                "start": round(shown.start_s + n * step, 3),
                "end": round(shown.start_s + (n + 1) * step, 3),
                "score": 0.9,
                "speaker": name(shown.speaker),
            }
            for n, word in enumerate(words)
        ]
        segments.append(
            {
                "start": shown.start_s,
                "end": shown.end_s,
                "text": " " + " ".join(words),
                "words": timed,
                "speaker": name(shown.speaker),
            }
        )
    return text_file(
        interview,
        "whisperx",
        json.dumps({"segments": segments, "word_segments": [], "language": "en"}),
        as_said(interview, name),
        suffix="json",
        timed=True,
    )


@writer
def whisper_cpp(interview: Interview) -> Written:
    """whisper.cpp: times as text and as milliseconds."""
    parts = [
        {
            "timestamps": {"from": clock(s.start_s, "srt"), "to": clock(s.end_s, "srt")},
            "offsets": {"from": round(s.start_s * 1000), "to": round(s.end_s * 1000)},
            "text": " " + " ".join(s.lines),
        }
        for s in interview.captions()
    ]
    return text_file(
        interview,
        "cpp",
        json.dumps(
            {
                "systeminfo": "AVX",
                "model": {"type": "base"},
                "result": {"language": "en"},
                "transcription": parts,
            }
        ),
        [(None, " ".join(t.text for t in interview.turns))],
        suffix="json",
        timed=True,
    )


@writer
def assembly(interview: Interview) -> Written:
    """AssemblyAI: utterances in milliseconds, voices of one letter."""
    letters = {name: chr(65 + n) for n, name in enumerate(dict.fromkeys(t.speaker for t in interview.turns))}
    parts = [
        {
            "speaker": letters[t.speaker],
            "text": " ".join(t.text.split()),
            "start": round(t.start_s * 1000),
            "end": round(t.end_s * 1000),
            "confidence": 0.93,
            "words": [],
        }
        for t in interview.turns
    ]
    return text_file(
        interview,
        "assembly",
        json.dumps({"id": "x", "status": "completed", "text": "…", "utterances": parts}),
        as_said(interview, lambda name: f"Speaker {letters[name]}"),
        suffix="json",
        timed=True,
    )


@writer
def deepgram(interview: Interview) -> Written:
    """Deepgram: utterances within results, voices of numbers."""
    numbers = {name: n for n, name in enumerate(dict.fromkeys(t.speaker for t in interview.turns))}
    parts = [
        {
            "speaker": numbers[t.speaker],
            "transcript": " ".join(t.text.split()),
            "start": t.start_s,
            "end": t.end_s,
            "channel": 0,
            "words": [],
        }
        for t in interview.turns
    ]
    whole = {"channels": [{"alternatives": [{"transcript": "all of it", "words": []}]}], "utterances": parts}
    return text_file(
        interview,
        "deepgram",
        json.dumps({"metadata": {"duration": 1.5}, "results": whole}),
        as_said(interview, lambda name: f"Speaker {numbers[name]}"),
        suffix="json",
        timed=True,
    )


@writer
def turns_json(interview: Interview) -> Written:
    """Our own turns."""
    turns = [
        {"speaker": t.speaker, "text": t.text, "start_s": t.start_s, "end_s": t.end_s}
        for t in interview.turns
    ]
    return text_file(
        interview, "turns", json.dumps({"title": interview.title, "turns": turns}), suffix="json", timed=True
    )


# Mail


@writer
def mail(interview: Interview) -> Written:
    """A transcript sent as the text of a mail, in quoted-printable."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "Jo Bell <jo.bell@portwick-times.example>"
    message["To"] = "desk@portwick-times.example"
    message["Subject"] = interview.title
    message["Date"] = "Thu, 12 Mar 2026 10:02:00 +0000"
    message.set_content(
        "".join(f"{t.speaker}: {t.text}\n\n" for t in interview.turns), cte="quoted-printable"
    )
    return Written(f"{interview.name}-mail.eml", message.as_bytes(), as_said(interview))
