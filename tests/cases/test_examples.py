"""Results that nobody here wrote: every case in examples/cases gives them, within the tolerance beside each."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fairlearn.metrics as fairlearn
import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

import audit_by_hand
import cascades
import contagion
import delayed_impact
import friends_scores
import lending_chain
import opinions
import sincerity
import trust_game
import voters
from beside import Row, show

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "cases"
QUICK: dict[str, tuple[Callable[[], list[Row]], int]] = {
    "audit_by_hand": (audit_by_hand.rows, 13),
    "cascades": (lambda: cascades.rows(people=30_000), 12),
    "contagion": (lambda: contagion.rows(graphs=12), 9),
    "delayed_impact": (delayed_impact.rows, 37),
    "friends_scores": (friends_scores.rows, 16),
    "lending_chain": (lambda: lending_chain.rows(banks=200, last=10_000), 15),
    "opinions": (lambda: opinions.rows(societies=6), 13),
    "trust_game": (trust_game.rows, 23),
    "voters": (lambda: voters.rows(runs=300), 3),
}
"""Each case at a size that takes seconds, and how many answers it knows."""


def test_every_case_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {*QUICK, "beside"}


@pytest.mark.parametrize("name", QUICK)
def test_known_answers_are_found(name: str) -> None:
    rows, many = QUICK[name]
    found = rows()
    assert len(found) == many
    assert [row for row in found if not row.agrees] == []


@pytest.mark.parametrize("name", QUICK)
def test_a_case_says_where_its_answers_are_from_and_how_it_is_run(name: str) -> None:
    text = importlib.import_module(name).__doc__ or ""
    assert f"python examples/cases/{name}.py" in text
    assert any(str(year) in text for year in range(1900, 2030)), "a source with its year"


def test_a_case_prints_expected_beside_found_as_a_script() -> None:
    environment = {"PYTHONPATH": str(Path(sincerity.__file__).parent.parent), "HOME": str(Path.home())}
    command = [sys.executable, str(FOLDER / "trust_game.py")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=True)
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["expected", "found", "within"]
    assert lines[2].split() == ["copycat", "57", "57", "0"]
    assert len(lines) == 2 + 23


def test_what_does_not_agree_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    show("Two rows", [Row("right", 1, 1.05, 0.1), Row("wrong", 1, 1.2, 0.1)])
    _, _, right, wrong = capsys.readouterr().out.splitlines()
    assert not right.endswith("no")
    assert wrong.endswith("no")
    assert not Row("none", 1, float("nan"), 0.1).agrees


# ---- oracles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [2, 9, 30])
def test_opinions_are_a_linear_solve(people: int) -> None:
    rng = np.random.default_rng(people)
    w = rng.uniform(0, 1, (people, people)) * (rng.uniform(0, 1, (people, people)) < 0.5) + np.eye(people) / 9
    w /= w.sum(axis=1, keepdims=True)
    first, susceptible = rng.uniform(-1, 1, people), rng.uniform(0, 0.9, people)
    known = np.linalg.solve(np.eye(people) - susceptible[:, None] * w, (1 - susceptible) * first)
    assert opinions.averaged(w, first, susceptible, months=300) == pytest.approx(known, abs=1e-9)


def test_who_listens_within_bounds_is_numpys() -> None:
    x = np.random.default_rng(3).uniform(0, 1, opinions.SOCIETY)
    found = opinions.listened(x, 0.05)
    for _ in range(200):
        near = np.abs(x[:, None] - x) <= 0.05
        x = (near @ x) / near.sum(axis=1)
    assert found == pytest.approx(x, abs=1e-9)


@pytest.mark.parametrize("spread", [0.05, 0.09, 0.115])
def test_who_joins_is_the_smallest_root(spread: float) -> None:
    grid = np.linspace(0, 1, 20_001)
    above = np.flatnonzero(norm.cdf((grid - 0.25) / spread) <= grid)[0]
    root = brentq(lambda r: norm.cdf((r - 0.25) / spread) - r, grid[above - 1], grid[above]) if above else 0.0
    assert cascades.share(cascades.normal(30_000), spread) == pytest.approx(root, abs=0.001)


def test_loans_that_would_harm_group_a() -> None:
    """Its curve of changes: the best share, the share beyond which it is harmed, and what happens if all get loans."""
    made = delayed_impact.Scores()
    assert made.mass.sum(axis=1) == pytest.approx([1, 1], abs=1e-9)
    assert (made.mass * made.repays).sum(axis=1) == pytest.approx([0.33655, 0.75867], abs=1e-5)
    assert made.mass @ made.scores == pytest.approx([515.81, 651.31], abs=0.01)
    assert made.reached("DP")[0] > 0.4324 > made.reached("EO")[0] > 0.2384 > made.reached("MP")[0]
    assert made.change(0, made.reached("DP")[0]) < 0 < made.change(0, made.reached("EO")[0])
    assert made.change(0, made.reached("EO")[0]) < made.change(0, made.reached("MP")[0])
    assert all(made.change(1, made.reached(policy)[1]) > 0 for policy in delayed_impact.KNOWN)


def test_the_lending_chain_is_its_matrix() -> None:
    step = np.eye(7)
    for score, repays in enumerate(lending_chain.REPAYS):
        if repays >= 0.5:
            moves = repays * np.eye(7)[min(score + 1, 6)] + (1 - repays) * np.eye(7)[score - 1]
            step[score] += (moves - np.eye(7)[score]) / 200
    law, loans = lending_chain.START / 100, np.zeros(2)
    for _ in range(1000):
        loans += law[:, lending_chain.REPAYS >= 0.5].sum(axis=1) * 100 / 200
        law = law @ step
    assert loans == pytest.approx(lending_chain.KNOWN[1000][:2], abs=0.05)
    assert law @ lending_chain.REPAYS == pytest.approx(lending_chain.KNOWN[1000][3:], abs=0.00005)


def test_a_contagion_certain_to_be_handed_on_takes_its_component() -> None:
    found = contagion.outbreaks(3, 1.0, 2, people=200, seed=4)
    rng = np.random.default_rng(4)
    for share in found:
        graph = nx.Graph(contagion.regular(200, 3, rng).tolist())
        assert share == len(nx.node_connected_component(graph, 0)) / 200


def test_fairlearn_audits_the_same() -> None:
    should, group = ([1] * 5 + [0] * 5) * 2, [0] * 10 + [1] * 10
    marks = [*audit_by_hand.MARKS["a"], *audit_by_hand.MARKS["b"]]
    chosen = [mark >= 50 for mark in marks]
    given: dict[str, Any] = {"y_true": should, "y_pred": chosen, "sensitive_features": group}
    found = {row.what: row.found for row in audit_by_hand.rows()}
    assert found["demographic parity difference"] == pytest.approx(fairlearn.demographic_parity_difference(**given))
    assert found["equalised odds difference"] == pytest.approx(fairlearn.equalized_odds_difference(**given))
    assert found["equalised odds ratio"] == pytest.approx(fairlearn.equalized_odds_ratio(**given))


def modules() -> list[ModuleType]:
    return [importlib.import_module(name) for name in QUICK]


def test_cases_ask_no_library_of_the_tests() -> None:
    """Oracles stay here: what an example uses is the laboratory and NumPy."""
    for module in modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert not [line for line in source.splitlines() if line.startswith(("import", "from")) and "scipy" in line]
        assert "networkx" not in {name for name in vars(module) if not name.startswith("_")}
