"""The glossary: fifteen words, plain and in the field's terms, and no cell of it empty."""

from sincerity.report.words import GLOSSARY


def test_fifteen_words_each_once() -> None:
    assert len({word.plain for word in GLOSSARY}) == len({word.term for word in GLOSSARY}) == 15
    found = {word.term: word.plain for word in GLOSSARY}
    assert found["gate"] == "barred from"
    assert found["tie"] == "friend, relative, colleague"
    assert found["twin"] == "the same people without it"
    assert all(word.meaning.endswith(".") for word in GLOSSARY)
