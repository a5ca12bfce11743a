"""Words of the notes that transcribers put in brackets: sounds, and remarks about words or recording."""

from __future__ import annotations

from typing import Final

from service.english.word_lists import read_phrases, read_word_lists

_WORDS: Final = read_word_lists("service.english", "transcript_notes.txt")
# What makes a bracket in a transcript a note, and what may stand in it besides.
NOTE_WORDS: Final = _WORDS["noises"] | _WORDS["remarks"]
WORDS_BESIDE_NOTES: Final = _WORDS["beside_noises"] | _WORDS["beside_remarks"]
NOTE_PHRASES: Final = read_phrases("service.english", "transcript_note_phrases.txt")["phrases"]
# Captions and recognised speech have sounds of things too; a bracket of these alone holds no words.
SOUND_WORDS: Final = _WORDS["noises"] | _WORDS["caption_noises"] | _WORDS["beside_noises"]
