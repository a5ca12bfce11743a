"""What stands in a transcript and is no word: sounds, music, notes of the transcriber."""

from __future__ import annotations

import re
from typing import Final

from service.english.word_classes import word_set

_SOUNDS: Final = word_set(
    """
    laughs laughing laughter laugh laughed chuckle chuckles chuckling chuckled giggles giggling applause
    applauding clapping claps cheers cheering cheer booing boos music musical song singing sings sound
    sounds silence pause pauses sigh sighs sighing sighed cough coughs coughing clears clearing throat
    sniffs sniffling crying cries sobbing sobs gasps gasping groans groaning grunts scoffs snorts
    whispers whispering whistling beep beeps bleep ringing rings phone bell buzzing noise noises static
    feedback knocking door barking barks dog horn honking siren sirens typing footsteps wind engine crowd
    audience chatter chattering background indistinct upbeat dramatic soft gentle playing plays play
    continues starts stops fades theme intro outro nods nodding smiles smiling shrugs gestures gesturing
    loud loudly long short brief foreign language speech speaks speaking non-english and the a of in with
    his her their break jingle stinger blank_audio
    """
)
_NOTE: Final = re.compile(r"[ ]?(?:\[([^\[\]\n]{1,60})\]|\(([^()\n]{1,60})\)|\*([^*\n]{1,40})\*)")
_WORD: Final = re.compile(r"[^\W\d]+(?:-[^\W\d]+)*")
_NOTES: Final = re.compile(r"(?<![♪♫♬#¶])[♪♫♬#¶]++(?=\s|$)|[♪♫♬]+")


def without_sounds(text: str) -> str:
    """Text without `[laughter]`, `(APPLAUSE)` and music. `[inaudible]` stays: words are missing there."""
    if not any(mark in text for mark in "[(*♪♫♬"):
        return text
    return _NOTES.sub("", _NOTE.sub(_keep_words, text)).strip()


def _keep_words(note: re.Match[str]) -> str:
    words = [word.lower() for word in _WORD.findall(note[1] or note[2] or note[3])]
    return "" if words and all(word in _SOUNDS for word in words) else note[0]
