"""Luck: Philox as published, and keys that keep people, rules, months and seeds apart."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import uint32
from numpy.typing import NDArray

from sincerity.month.schedule import ROWS, START
from sincerity.people.draws import ROUNDS, ROUNDS_OF_LUCK, fill_luck, key_of, mix, name_key, philox, threshold
from sincerity.people.kernel import kernel

ONES = 0xFFFFFFFF
KNOWN_ANSWERS = (  # Random123 1.14, examples/kat_vectors, "philox4x32": counter, key, words; of ten rounds, then seven
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
KNOWN_ANSWERS_OF_LUCK = (
    ((0, 0, 0, 0), (0, 0), (0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x5207DDC2, 0x45165E59, 0x4D8EE751, 0x8C52F662)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0x4DFCCABA, 0x190A87F0, 0xC47362BA, 0xB6B5242A),
    ),
)


@kernel
def words_of(given: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    g = given
    out[0], out[1], out[2], out[3] = philox(g[0], g[1], g[2], g[3], g[4], g[5], ROUNDS)


@kernel
def words_of_luck(given: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    g = given
    out[0], out[1], out[2], out[3] = philox(g[0], g[1], g[2], g[3], g[4], g[5], ROUNDS_OF_LUCK)


@kernel
def mixed(words: NDArray[np.uint32]) -> None:
    for k in range(words.shape[0]):
        words[k] = mix(uint32(words[k]))


def luck(lo: int, hi: int, month: int = 3, rule: str = "speech", seed: int = 1, words: int = 4) -> Any:
    out = np.zeros((words, hi - lo), np.uint32)
    fill_luck(lo, hi, month, *key_of(seed, rule), out)
    return out


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(counter: Any, key: Any, words: Any) -> None:
    out = np.zeros(4, np.uint32)
    words_of(np.array([*counter, *key], np.uint32), out)
    assert tuple(int(w) for w in out) == words


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS_OF_LUCK)
def test_philox_of_seven_rounds_gives_the_published_words(counter: Any, key: Any, words: Any) -> None:
    out = np.zeros(4, np.uint32)
    words_of_luck(np.array([*counter, *key], np.uint32), out)
    assert tuple(int(w) for w in out) == words


def test_luck_is_philox_of_person_month_and_block_of_four() -> None:
    k0, k1 = key_of(7, "conduct")
    out = luck(1_000, 1_010, month=2**31 + 5, rule="conduct", seed=7, words=8)
    for q, four in itertools.product((0, 9), (0, 1)):
        one = np.zeros(4, np.uint32)
        words_of_luck(np.array([1_000 + q, 2**31 + 5, four, 0, k0, k1], np.uint32), one)
        assert out[4 * four : 4 * four + 4, q].tolist() == one.tolist()


@settings(max_examples=50, deadline=None)
@given(lo=st.integers(0, 2**31 - 3_000), cuts=st.lists(st.integers(1, 700), min_size=1, max_size=4))
def test_a_range_is_its_pieces(lo: int, cuts: list[int]) -> None:
    edges = np.cumsum([lo, *cuts]).tolist()
    pieces = [luck(a, b, words=8) for a, b in itertools.pairwise(edges)]
    assert np.array_equal(luck(lo, edges[-1], words=8), np.concatenate(pieces, axis=1))


def test_rules_months_seeds_words_and_people_have_luck_of_their_own() -> None:
    many = 20_000
    draws = [luck(0, many, words=8), luck(0, many, rule="score"), luck(0, many, month=4), luck(0, many, seed=2)]
    draws.append(luck(many, 2 * many))
    words = np.concatenate(draws)
    for a, b in itertools.combinations(range(len(words)), 2):
        assert np.count_nonzero(words[a] == words[b]) <= 2, (a, b)  # expected: 20,000 / 2**32
        assert abs(np.corrcoef(words[a], words[b])[0, 1]) < 5 / many**0.5, (a, b)


def test_luck_is_uniform_bit_by_bit_and_byte_by_byte() -> None:
    many = 200_000
    words = luck(0, many)
    for word in words:
        for bit in range(32):
            ones = np.count_nonzero(word >> np.uint32(bit) & np.uint32(1))
            assert abs(ones - many / 2) < 5 * (many / 4) ** 0.5
        for shift in (0, 24):
            counts = np.bincount(word >> np.uint32(shift) & np.uint32(255), minlength=256)
            statistic = float(((counts - many / 256) ** 2).sum() / (many / 256))
            assert 150 < statistic < 390  # chi-square, 255 degrees of freedom: beyond 4 standard deviations
        assert abs(np.corrcoef(word[1:], word[:-1])[0, 1]) < 5 / many**0.5


def test_never_and_always() -> None:
    assert (threshold(0.0), threshold(1.0)) == (0, 2**32)
    assert (threshold(-0.1), threshold(1.1)) == (0, 2**32)
    words = np.array([0, 1, 2**31 - 1, 2**31, 2**32 - 1], np.uint64)
    assert not (words < np.uint64(threshold(0.0))).any()
    assert (words < np.uint64(threshold(1.0))).all()
    assert (words < np.uint64(threshold(0.5))).tolist() == [True, True, True, False, False]


@given(chance=st.floats(0, 1), more=st.floats(0, 1))
def test_thresholds_keep_chances_and_their_order(chance: float, more: float) -> None:
    assert abs(threshold(chance) / 2**32 - chance) <= 2**-33
    assert (threshold(chance) <= threshold(more)) or chance > more


def test_chance_is_kept() -> None:
    word = luck(0, 200_000)[0].astype(np.uint64)
    for chance in (0.001, 0.1, 0.73):
        happened = np.count_nonzero(word < np.uint64(threshold(chance)))
        assert abs(happened - 200_000 * chance) < 5 * (200_000 * chance * (1 - chance)) ** 0.5


def test_names_of_rules_give_keys_apart() -> None:
    names = [rule.name for rule in (START, *ROWS)]
    assert len({name_key(name) for name in names}) == len(names)
    assert name_key("speech") == 0x7A61FB05
    assert key_of(2**32 + 5, "speech") == (5, name_key("speech"))


def test_mix_is_the_published_finalizer_and_loses_nothing() -> None:
    words = np.array([0, 1, 2, 0xFFFFFFFF], np.uint32)
    mixed(words)
    assert words.tolist() == [0, 0x514E28B7, 0x30F4C306, 0x81F16F39]  # MurmurHash3, fmix32
    many = np.arange(200_000, dtype=np.uint32)
    mixed(many)
    assert len(np.unique(many)) == 200_000
