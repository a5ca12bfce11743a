"""Corrections of quotations in new versions of their article, where the machine reads the same again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from service.store import ArticleRecord
from service.store.records import article_id
from service.store.sign_offs.store import Corrected
from service.store.sign_offs.subjects import name_subjects
from service.usecases.articles.correct_quote import list_quotes, move_correction
from service.usecases.reviews.sign_offs import SignOffService, locate


@dataclass(frozen=True, slots=True)
class CorrectionCarrier:
    """Keeps the corrections of articles whose new versions are stored."""

    sign_offs: SignOffService

    def apply_to(self, record: ArticleRecord) -> ArticleRecord:
        """An article that is about to be stored, with its quotes as people corrected them before."""
        signed = self.sign_offs.store.sign_offs.find_of(article_id(record.uri, record.text))
        if not any(one.corrected for one in signed.values()):
            return record
        quotes = json.loads(record.analysis)["quotes"]
        return self.sign_offs.corrector.apply_to(record, signed.values(), quotes)

    def carry(self, public_id: str) -> int:
        """Apply corrections of former versions to the newest one, judging again; how many were applied."""
        store = self.sign_offs.store
        article = store.get_article(public_id)
        signed = store.sign_offs.find_of(public_id)
        due = {
            one.subject: one for one in signed.values() if one.corrected and one.version != article.version
        }
        if not due:
            return 0
        carried = 0
        for number, subject in enumerate(name_subjects(json.loads(article.analysis)["quotes"])):
            if (sign_off := due.get(subject)) is None:
                continue
            read = self.sign_offs.read(article)
            machine = [one.machine for one in read.quotes]
            correction = move_correction(sign_off, machine[number], article.text)
            if correction is None:
                continue
            quote = self.sign_offs.corrector.correct(article, machine, number, correction)
            quotes = [one.quote for one in read.quotes]
            quotes[number] = quote
            statement = replace(sign_off.statement, correction=correction)
            corrected = Corrected(quote, list_quotes(article, quotes))
            store.sign_offs.carry(sign_off, locate(read, read.quotes[number]), statement, corrected)
            carried += 1
        return carried
