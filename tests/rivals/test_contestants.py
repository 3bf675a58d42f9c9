"""The contestants of ./bench live the same model: their answers agree with ours within the noise of their luck."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import core, numpy_scipy, ours
from benchmarks.run import BY_NAME, OURS, RIVALS, SEED, WHOLE, Heat, Process

SEEDS, MONTHS = range(1, 7), 30
PEOPLE = dict.fromkeys(BY_NAME, 20_000) | {"mesa_model": 4_000}
ERRORS = 4.5
"""Standard errors of a difference of two means over the seeds; all seeds are fixed, so that nothing here is chance."""


@pytest.fixture(scope="module", autouse=True)
def ties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Ties are made once for all contestants."""
    folder = str(tmp_path_factory.mktemp("ties"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENCHMARK_TIES", folder)
        yield folder


def means(answers: list[dict[str, Any]]) -> NDArray[np.float64]:
    """(seeds, measures)."""
    return np.array([[one[measure] for measure in core.MEASURES] for one in answers])


@cache
def own(people: int) -> NDArray[np.float64]:
    return means([ours.run(people, MONTHS, seed, 1) for seed in SEEDS])


def assert_agreement(found: NDArray[np.float64], known: NDArray[np.float64]) -> None:
    error = np.sqrt((found.var(axis=0, ddof=1) + known.var(axis=0, ddof=1)) / len(SEEDS))
    apart = np.abs(found.mean(axis=0) - known.mean(axis=0)) / error
    assert (apart < ERRORS).all(), dict(zip(core.MEASURES, apart.round(1).tolist(), strict=True))


def test_numpy_agrees_with_ours() -> None:
    people = PEOPLE["numpy_scipy"]
    assert_agreement(means([numpy_scipy.run(people, MONTHS, seed, 1) for seed in SEEDS]), own(people))


@pytest.mark.parametrize("name", [c.name for c in BY_NAME.values() if c.package])
def test_a_rival_agrees_with_ours(name: str, ties: str) -> None:
    if not (RIVALS / "stamp").exists():
        pytest.skip(f"{BY_NAME[name].package} is not installed: ./bench does it, in .venv-bench")
    process = Process(Heat(name, PEOPLE[name], MONTHS, MONTHS), 1, ties)
    try:
        found = [process.ask(f"answers {seed}") for seed in SEEDS]
    finally:
        process.close()
    assert_agreement(means(found), own(PEOPLE[name]))


@pytest.mark.parametrize(
    ("number", "value"),
    [("TIES_WEIGHT", 0.29), ("COMPANY", 0.5), ("LOSS", 2.0), ("PUNISHED", 0.4), ("TERM", 12), ("GOOD_DEED", 0.144)],
)
def test_another_model_does_not_agree(number: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    people = PEOPLE["numpy_scipy"]
    known = own(people)
    monkeypatch.setattr(core, number, value)
    with pytest.raises(AssertionError, match="mean_score"):
        assert_agreement(means([numpy_scipy.run(people, MONTHS, seed, 1) for seed in SEEDS]), known)


@pytest.mark.parametrize("name", [OURS, "numpy_scipy"])
def test_one_thread_and_two_give_the_same_bits(name: str) -> None:
    module = {OURS: ours, "numpy_scipy": numpy_scipy}[name]
    digests = {module.run(70_000, 3, SEED, threads)["digest"] for threads in (1, 2)}  # three blocks of ours
    assert len(digests) == 1
    assert module.run(70_000, 3, SEED + 1, 1)["digest"] not in digests


def test_the_whole_month_can_be_lived(ties: str) -> None:
    process = Process(Heat(WHOLE, 1_000, 12, 24), 1, ties)
    try:
        assert len(process.ask("answers 1")["digest"]) == 16
        assert process.ask("memory")["bytes"] > 0
    finally:
        process.close()


# ---- what they share ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 2, 63, 64, 65, 4_097, 9_000])
def test_ties_are_circles_inside_their_blocks(people: int) -> None:
    pairs = core.edges(people, 3)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    degree = np.bincount(pairs.ravel(), minlength=people)
    assert degree.max(initial=0) <= 10
    if people > 1:
        assert degree.min() >= 1
    if people == 9_000:
        assert 9.7 < degree.mean() < 10
        within = pairs[:, 0] // core.STREET == pairs[:, 1] // core.STREET
        assert 0.38 < within.mean() < 0.43
    first, ids = core.neighbours(people, 3)
    rows = np.repeat(np.arange(people), np.diff(first))
    assert {*zip(rows.tolist(), ids.tolist(), strict=True)} == {
        pair for a, b in pairs.tolist() for pair in ((a, b), (b, a))
    }


def test_kept_ties_are_those_that_are_made(ties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = core.edges(500, 9)
    assert (Path(ties) / "500-9.npy").exists()
    assert np.array_equal(core.edges(500, 9), kept)
    monkeypatch.delenv("BENCHMARK_TIES")
    assert np.array_equal(core.edges(500, 9), kept)
    assert not np.array_equal(core.edges(500, 8), kept)
    assert "BENCHMARK_TIES" not in os.environ


def test_the_page_states_the_numbers() -> None:
    page = " ".join((Path(core.__file__).parent / "core.md").read_text().replace("−", "-").split())
    assert round(core.KEPT * 24) == 23
    for phrase in (
        f"chance {core.OFFENCE} an offence, {core.OFFENCE_POINTS:.0f} points",
        f"chance {core.GOOD_DEED} a good deed, +{core.DEED_POINTS:.0f}",
        f"{core.MIDDLE:.0f} + account + {core.TIES_WEIGHT} · (mean of the ties' scores - {core.MIDDLE:.0f})",
        f"Below {core.CUT:.0f}: months listed becomes {core.TERM}",
        f"u* = {core.CONVICTION:.0f}·|x| + a - {core.COST:.0f}, less {core.LOSS:.0f}·fear",
        f"chance {core.OCCASION} / (1 + exp(-u / {core.NOISE}))",
        f"{core.SPEECH_POINTS:.0f} points on the account",
        f"by {core.LEARNING} of the way to {core.FEAR} + {core.FEAR_PUNISHED} if punished this month"
        f" + {core.FEAR_LISTED} if listed",
        f"at least {sum(core.LEAST_BYTES.values())} bytes",
        f"street ({core.STREET} neighbouring ids), two through each town ({core.TOWN:,})",
    ):
        assert phrase in page, phrase
    assert core.COMPANY == 1
    assert core.PUNISHED == 0.1
