"""Which language a text is in: the common ones told, short and mixed texts left open, English never mistaken."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.language import recognise_language
from tests.accuracy.own_articles import read_own_articles
from tests.selection import corpora_path

SENTENCES = {
    "de": "Der Minister sagte am Montag, dass die Regierung noch nicht über den Vorschlag entschieden habe.",
    "fr": "Le ministre a déclaré lundi que le gouvernement n'avait pas encore pris de décision sur la proposition.",
    "es": "El ministro dijo el lunes que el gobierno todavía no ha tomado una decisión sobre la propuesta.",
    "it": "Il ministro ha detto lunedì che il governo non ha ancora preso una decisione sulla proposta.",
    "pt": "O ministro disse na segunda-feira que o governo ainda não tomou uma decisão sobre a proposta.",
    "nl": "De minister zei maandag dat de regering nog geen besluit heeft genomen over het voorstel.",
    "sv": "Ministern sade på måndagen att regeringen inte har fattat något beslut om förslaget och att det är för tidigt.",
    "pl": "Minister powiedział w poniedziałek, że rząd nie podjął jeszcze decyzji w sprawie tej propozycji.",
    "fi": "Ministeri sanoi maanantaina, että hallitus ei ole vielä tehnyt päätöstä, mutta se on jo lähellä.",
    "hu": "A miniszter hétfőn azt mondta, hogy a kormány még nem döntött, de már van egy javaslat.",
    "tr": "Bakan pazartesi günü hükümetin bu öneri için henüz bir karar vermediğini ve daha sonra açıklayacağını söyledi.",
    "ro": "Ministrul a spus luni că guvernul nu a luat încă o decizie și că va reveni la această propunere.",
    "id": "Menteri itu mengatakan pada hari Senin bahwa pemerintah tidak akan mengambil keputusan untuk usulan tersebut.",
    "ru": "Министр сказал в понедельник, что правительство ещё не приняло решения по этому предложению, но оно будет.",
    "uk": "Міністр сказав у понеділок, що уряд ще не ухвалив рішення про цю пропозицію, але вона є.",
    "el": "Ο υπουργός δήλωσε τη Δευτέρα ότι η κυβέρνηση δεν έχει αποφασίσει.",
    "ar": "قال الوزير يوم الاثنين إن الحكومة لم تتخذ قرارا بعد",
    "he": "השר אמר ביום שני כי הממשלה טרם קיבלה החלטה",
    "zh": "部长星期一表示，政府尚未就该提案作出决定。",
    "ja": "大臣は月曜日、政府はまだ決定していないと述べた。",
    "ko": "장관은 월요일 정부가 아직 결정을 내리지 않았다고 말했다.",
    "en": "The minister said on Monday that the government had not yet decided about the proposal.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_tells_a_language_by_one_sentence(language):
    assert recognise_language(SENTENCES[language]) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "42 % — 17:30", "Obama", "Trump Putin Merkel", "!!!", "“”", "???? 100"]
)
def test_leaves_short_and_wordless_texts_open(text):
    assert recognise_language(text) is None


def test_quoted_foreign_words_do_not_change_the_language():
    text = "The chancellor said she had told them: “Wir schaffen das, und das ist gut so.” They cheered for a while."
    assert recognise_language(text * 3) == "en"


def test_our_own_articles_are_english():
    texts = [article.text for article in read_own_articles()]
    assert len(texts) >= 12
    assert {recognise_language(text) for text in texts} == {"en"}


@pytest.mark.corpora
@pytest.mark.parametrize("part", ["train", "dev"])
def test_english_news_is_never_taken_for_another_language(part):
    with gzip.open(corpora_path(f"data/polnear/{part}.jsonl.gz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    assert {recognise_language(text) for text in texts} == {"en"}
    assert {recognise_language(text.split("\n", 1)[0]) for text in texts} <= {"en", None}


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text):
    answer = recognise_language(text)
    assert answer is None or answer.isascii()
