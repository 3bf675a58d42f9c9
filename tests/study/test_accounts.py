"""The ledgers by group and the audit, on a census made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from sincerity.declare.problems import BadInput
from sincerity.study.accounts import GROUPINGS, SUPPRESSED, group_words
from sincerity.study.entries import PROMISES, RIGHTS
from sincerity.study.ledger import bands
from sincerity.study.study import Study
from sincerity.study.tabular import aligned
from study.fake import fake_scenario, fake_study, make_study

__all__ = ["fake_study"]


def test_every_entry_is_defined_with_its_denominator_and_named_once() -> None:
    entries = [*RIGHTS, *PROMISES]
    assert len({entry.id for entry in entries}) == len(entries) > 40
    for entry in entries:
        assert " of " in entry.definition, entry.id
        assert entry.definition.endswith("."), entry.id


def test_the_figures_are_those_of_the_census(fake_study: Study) -> None:
    row = fake_study.rights().row("muted")
    for world, shown in (("none", row.ordinary), ("citizen-score", row.regime)):
        rates = fake_study.series("muted", world).rates[:, -12:].mean()
        assert shown == pytest.approx(rates, rel=1e-3)
    assert row.difference == pytest.approx((row.regime or 0) - (row.ordinary or 0))
    assert row.low is not None
    assert row.high is not None
    assert row.low <= (row.difference or 0) <= row.high


def test_a_group_is_counted_by_its_own_rows(fake_study: Study) -> None:
    account = fake_study.promises("decile")
    assert account.groups == tuple(str(d) for d in range(1, 11))
    last = fake_study.series("late", "citizen-score", "decile", "3")
    rate = (1000 * last.counts[:, -1] / last.of[:, -1]).mean()
    assert account.row("late", "3").regime == pytest.approx(rate)


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_grouping_prints_within_its_width(fake_study: Study, by: str) -> None:
    for account in (fake_study.rights(by), fake_study.promises(by)):
        assert {row.group for row in account} == set(account.groups) == set(fake_study.groups(by))
        assert max(map(len, account.lines(160))) <= 160
    assert f"Audit by {by}" in str(fake_study.audit(by))


def test_few_cases_of_a_group_are_not_shown(fake_study: Study) -> None:
    rows = [row for row in fake_study.rights("decile") if row.cases < 20]
    assert rows
    assert all(row.regime is row.ordinary is row.difference is row.low is None for row in rows)
    shown = [row for row in fake_study.rights("decile") if row.cases >= 20 and row.regime is not None]
    assert shown
    rates = [rate for rate in fake_study.audit("decile") if rate.cases < 20]
    assert all(rate.rate is rate.ratio is None for rate in rates)
    assert SUPPRESSED in str(fake_study.rights("decile"))


def test_what_is_counted_for_all_adults_only_is_left_out_by_group(fake_study: Study) -> None:
    assert fake_study.rights().row("channels").unit == "channels an adult"
    assert "channels" not in {row.id for row in fake_study.rights("sex")}


def test_one_world_has_no_other_beside_it(tmp_path: Path) -> None:
    alone = make_study(tmp_path, fake_scenario(regimes=("citizen-score",)))
    account = alone.rights()
    assert account.ordinary is None
    assert all(row.ordinary is row.difference is None for row in account)
    assert "ordinary" not in account.lines()[2]


def test_the_audit_is_the_arithmetic_of_the_pooled_counts(fake_study: Study) -> None:
    audit = fake_study.audit("sex")
    assert len(audit.groups) == 2
    selected = {}
    for group in audit.groups:
        found = fake_study.series("sanctioned_ever", "citizen-score", "sex", group)
        cases, of = int(found.counts[:, -1].sum()), int(found.of[:, -1].sum())
        rate = audit.rate("sanctioned", group)
        assert (rate.cases, rate.of, rate.rate) == (cases, of, cases / of)
        assert rate.low is not None
        assert rate.low < cases / of < (rate.high or 0)
        selected[group] = cases / of
    gap = max(selected.values()) - min(selected.values())
    assert audit.metric("demographic_parity_difference").value == pytest.approx(gap)
    spared = [1 - share for share in selected.values()]
    assert audit.metric("four_fifths").value == pytest.approx(min(spared) / max(spared))


def test_what_only_a_simulator_knows_is_marked(fake_study: Study) -> None:
    text = str(fake_study.audit("sex"))
    assert {rate.id for rate in fake_study.audit("sex") if rate.truth} >= {"tpr", "fpr", "ppv", "false_listing"}
    assert text.count("needs ground truth") >= 8


def test_tables_carry_every_row(fake_study: Study) -> None:
    account = fake_study.rights("sex")
    table = account.to_arrow()
    assert table.num_rows == len(account)
    assert set(pc.unique(table["group"]).to_pylist()) == set(account.groups)
    assert fake_study.audit("sex").to_arrow().num_rows == len(fake_study.audit("sex").rates)
    assert np.isfinite(table["cases"].to_numpy()).all()
    assert account._repr_html_().count("<tr>") == len(account) + 1


def test_unknown_names_are_refused(fake_study: Study) -> None:
    for call in (fake_study.rights, fake_study.promises, fake_study.audit):
        with pytest.raises(BadInput, match="decile"):
            call("decil")
        with pytest.raises(BadInput, match="citizen-score"):
            call("sex", "citizen-scor")


def test_groups_are_said_in_words() -> None:
    assert group_words("decile", "1") == "the poorest tenth"
    assert group_words("age", "18-29") == "aged 18 to 29"
    assert group_words("region", "Gansu") == "Gansu"
    said = [group_words("decile", str(k)) for k in range(1, 11)]
    assert len(set(said)) == 10


def test_figures_stand_below_one_another(fake_study: Study) -> None:
    assert aligned(["191", "1.3", "+12.25", "·", "0"]) == ["191   ", "  1.3 ", "+12.25", "·", "  0   "]
    assert bands([(1.0, 20.0), None, (-3.0, 4.0)], True, "·") == ["+1.0 to +20", "·", "−3.0 to  +4.0"]
    lines = [line for line in fake_study.rights().lines() if "adults a month" in line]
    points = {line.rstrip().rindex(" to ") for line in lines}
    assert len(points) == 1
