"""The glossary: fifteen words, plain and in the field's terms, and no cell of it empty."""

from sincerity.report import words
from sincerity.report.words import GLOSSARY


def test_fifteen_words_each_once() -> None:
    assert len({word.plain for word in GLOSSARY}) == len({word.term for word in GLOSSARY}) == 15
    found = {word.term: word.plain for word in GLOSSARY}
    assert found["gate"] == "barred from"
    assert found["tie"] == "friend, relative, colleague"
    assert found["twin"] == "the same people without it"
    assert all(word.meaning.endswith(".") for word in GLOSSARY)


def test_small_numbers_are_letters_and_two_seeds_are_both_named() -> None:
    assert [words.some(n) for n in (1, 5, 9, 10)] == ["one", "five", "nine", "10"]
    assert [words.seeds(given) for given in ((1,), (1, 2), (1, 2, 3), (2, 5))] == [
        "seed 1",
        "seeds 1 and 2",
        "seeds 1 to 3",
        "seeds 2 and 5",
    ]


def test_code_stands_between_backticks_and_nothing_else_is_markup() -> None:
    assert words.coded("type `a <b>` & go") == "type <code>a &lt;b&gt;</code> &amp; go"
