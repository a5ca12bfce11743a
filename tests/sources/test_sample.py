"""The bundled draft and interview."""

from service.extraction.pipeline import extract
from service.sample.check_draft import load_draft, load_interview
from service.sources.reading import read_draft, read_source
from service.text import read_document


def test_the_interview_is_read_with_its_speakers_and_times():
    sample = load_interview()
    source = read_source(sample.text, name=sample.name)
    assert source.format == "srt"
    assert {turn.speaker for turn in source.turns} == {"Lena Brook", "Rosa Castellan", "Dele Adeyemi"}
    assert len(source.turns) == 14
    assert {turn.speaker for turn in source.turns if turn.is_question} == {"Lena Brook"}
    assert all(turn.start_s is not None and turn.end_s is not None for turn in source.turns)


def test_the_draft_quotes_it_rightly_and_wrongly():
    sample = load_draft()
    draft = read_draft(sample.text.encode(), name=sample.name)
    assert draft.format == "markdown"
    document = read_document(draft.body, draft.format)
    spoken = " ".join(turn.text for turn in read_source(load_interview().text).turns)
    marked = [
        " ".join(document.text[passage.start : passage.end].split()).strip(" ,.").replace("’", "'")
        for quotation in extract(document).quotations
        for passage in quotation.passages
    ]
    genuine = [words for words in marked if words in spoken]
    altered = {words for words in marked if words not in spoken}
    assert "I think it's a mistake, and I have told them so" in genuine
    assert "Nobody goes into politics to close a library" in genuine  # and of another person
    assert altered >= {
        "We had 184,000 visits last year",
        "I am ashamed of that",
        "I will resign",
        "This council has lost all touch with the people of this town",
    }
    assert any(words.startswith("would push pupils") for words in altered)
    assert any(words.startswith("Pupils come here every afternoon") for words in altered)
    assert "I support the two closing days" in genuine  # and cut
