"""The command line, from what is typed to the exit code."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sincerity.cli.main import SURELY_FITS, Asked, execute
from study.fake import make_study

SMALL = ["--people", "2k", "--years", "1", "--seeds", "2"]
HEAVY = ("numba", "llvmlite", "numpy", "altair", "vl_convert", "pyarrow", "jinja2")

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def as_sincerity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SINCERITY_PROGRAM", raising=False)


# ---- light things -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--help"], ["compare", "--help"], ["--version"], ["compaer"]])
def test_what_is_light_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys\nfrom sincerity.cli.main import execute\nexecute({arguments!r})\n"
    tail = f"print('LOADED', *(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


def test_bare_prints_six_lines_of_what_to_type(capsys: Printed) -> None:
    assert execute([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert "sincerity compare none citizen-score" in lines[1]


def test_the_first_lines_name_the_program_that_was_typed(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINCERITY_PROGRAM", "./run")
    execute([])
    assert "./run compare none citizen-score" in capsys.readouterr().out


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "sincerity", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sincerity 0.")


def test_the_lists_name_what_can_be_asked_for(capsys: Printed) -> None:
    assert execute(["regimes"]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert lines[0].split()[:3] == ["name", "place", "years"]
    assert lines[1].startswith("none")
    assert any(line.startswith("citizen-score") and "350–950" in line and "never built" in line for line in lines)
    assert execute(["societies", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "sincerity/societies"
    assert "china-2020" in [society["name"] for society in told["societies"]]


# ---- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["comapre", "none"], "did you mean sincerity compare?"),
        (["citizen-score"], "did you mean sincerity run citizen-score?"),
        (["zzz"], "expected one of compare, run, resume, map, plan, regimes, societies"),
        (["compare", "none", "--poeple", "3"], "did you mean --people?"),
        (["compare", "none", "--zzz"], "--zzz: no such option"),
        (["compare"], "missing argument 'REGIME'"),
        (["run", "none", "--years"], "option '--years' requires an argument"),
        (["run", "none", "citizen-score"], "unexpected extra argument"),
        (["run", "nonne"], "did you mean `none`?"),
        (["run", "none", "--society", "chna-2020"], "did you mean `china-2020`?"),
        (["run", "none", "--threads", "0"], "`0` is no number of threads"),
        (["run", "none", "--threads", "two"], "`two` is no number of threads"),
        (["plan", "citizen-score", "--set", "citizen-score.ties.freinds=0"], "--set"),
        (["run", "none", "--set", "nothing"], "expected path=value"),
        (["run", "missing/regime.yaml"], "missing/regime.yaml"),
    ],
)
def test_bad_input_is_one_clear_message(arguments: list[str], said: str, capsys: Printed) -> None:
    assert execute(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_all_problems_come_at_once(capsys: Printed) -> None:
    wrong = ["--people", "3", "--start", "x", "--years", "two", "--seeds", "0", "--society", "chna-2020"]
    assert execute(["compare", "nonne", "citizen-scor", *wrong]) == 2
    said = capsys.readouterr().err
    for part in ("--people:", "--start:", "--years:", "--seeds:", "chna-2020", "nonne", "citizen-scor"):
        assert part in said


def test_a_broken_file_is_told_by_line_and_column(tmp_path: Path, capsys: Printed) -> None:
    broken = tmp_path / "mine.yaml"
    broken.write_text("name: mine\nextends: citizen-score\ngatse: {}\n")
    assert execute(["run", str(broken)]) == 2
    said = capsys.readouterr().err
    assert "mine.yaml:3:1:" in said
    assert "gatse" in said


def test_a_run_that_will_not_fit_is_refused_beforehand(tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "runs"
    regimes = ["none", "citizen-score"]
    lots = ["--people", "2.1e9", "--threads", "9999", "--out", str(out)]
    import sincerity.engine.world as world

    if world.free_memory() > 140e9:
        pytest.skip("this machine could do it")
    assert execute(["compare", *regimes, *lots]) == 2
    assert "does not fit" in capsys.readouterr().err
    assert not out.exists()


def test_which_runs_are_weighed_before_they_begin() -> None:
    def asked(people: str, settings: tuple[str, ...] = ()) -> Asked:
        return Asked(("none", "citizen-score"), "china-2020", people, "2014-06", "8", "1", "3", settings)

    assert not asked("100k").may_be_large()
    assert asked("full").may_be_large()
    assert asked("1.3e9").may_be_large()
    assert asked(f"{SURELY_FITS // 1000}k").may_be_large()
    assert asked("100k", ("run.people=full",)).may_be_large()


# ---- plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_adds_up(capsys: Printed) -> None:
    assert execute(["plan", "none", "citizen-score", "--people", "full", "--json", "--threads", "2"]) == 0
    told = json.loads(capsys.readouterr().out)
    plan = told["plan"]
    assert [regime["name"] for regime in told["regimes"]] == ["none", "citizen-score"]
    kept = [column["bytes"] for column in plan["columns"] if column["life"] in ("state", "board")]
    assert plan["bytes_per_person"] == sum(kept) <= 32
    assert told["people"] > 1_000_000_000
    assert plan["bytes_total"] > told["people"] * (2 * plan["bytes_per_person"] + plan["bytes_shared"])
    assert plan["fits"] == (plan["bytes_total"] <= 0.9 * plan["memory"])


def test_the_plan_is_printed_rule_by_rule(capsys: Printed) -> None:
    from sincerity.month.schedule import Schedule

    assert execute(["plan"]) == 0
    text = capsys.readouterr().out
    first_words = [line.split(" ")[0] for line in text.splitlines()]
    for rule in Schedule():
        assert rule.name in first_words
    assert "100,000 people in 1 world (citizen-score), 96 months from 2014-06, 3 seeds in turn." in text
    assert "bytes a person" in text


# ---- runs ---------------------------------------------------------------------------------------------------------


def test_compare_shows_the_table_and_where_everything_lies(tmp_path: Path, capsys: Printed) -> None:
    command = ["compare", "none", "citizen-score", *SMALL, "--out", str(tmp_path)]
    assert execute(command) == 0
    first = capsys.readouterr()
    assert "say they approve, when asked" in " ".join(first.out.split())
    (folder,) = tmp_path.glob("none-citizen-score-*")
    assert f"The run:    {folder}\n" in first.out
    assert (folder / "report.html").is_file()
    assert f"The report: {folder / 'report.html'}\n" in first.out
    assert "seed 2 of 2: month" in first.err
    assert "not a forecast" in first.out

    assert execute([*command, "--json"]) == 0
    second = capsys.readouterr()
    told = json.loads(second.out)
    assert told["schema"] == "sincerity/study"
    assert told["version"] == 1
    assert told["run"]["folder"] == str(folder)
    assert told["run"]["found"] is True
    assert [regime["name"] for regime in told["regimes"]] == ["none", "citizen-score"]
    (ledger,) = told["ledgers"]
    assert len(ledger["rows"]) == 12
    assert {"sentence", "window", "ordinary", "regime", "difference", "low", "high"} <= set(ledger["rows"][0])
    assert "month" not in second.err

    assert execute([*command, "--json", "--again"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["run"]["found"] is False
    assert again["ledgers"] == told["ledgers"]


def test_open_writes_the_report_where_there_is_none_and_shows_it(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    report = make_study(tmp_path).folder / "report.html"
    assert execute(["open", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(report)
    assert report.is_file()
    assert shown == []
    written = report.stat().st_mtime_ns
    monkeypatch.setenv("DISPLAY", ":0")
    assert execute(["open", "none", "--out", str(tmp_path)]) == 0
    assert shown == [report.as_uri()]
    assert report.stat().st_mtime_ns == written
    assert execute(["open", "nothing", "--out", str(tmp_path)]) == 2


def test_words_are_told(capsys: Printed) -> None:
    assert execute(["words"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "barred from (gate)" in lines
    assert max(map(len, lines)) <= 80
    assert execute(["words", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["words"]) == 15


def test_run_gives_one_regime_its_own_figures(tmp_path: Path, capsys: Printed) -> None:
    assert execute(["run", "citizen-score", *SMALL, "--seeds", "1", "--json", "--out", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    (ledger,) = told["ledgers"]
    assert ledger["ordinary"] is None
    assert all(row["difference"] is None and row["regime"] >= 0 for row in ledger["rows"])
    assert told["seeds"] == [1]


def test_ctrl_c_keeps_the_month_and_says_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sincerity", "run", "citizen-score", "--people", "50k", "--years", "100"]
    with subprocess.Popen(
        [*command, "--seeds", "50", "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job ignores the signal; here it must not
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "month" in line:
                break
        running.send_signal(signal.SIGINT)
        out, rest = running.communicate(timeout=120)
    assert running.returncode == 130
    assert out == ""
    (folder,) = tmp_path.iterdir()
    said = rest.splitlines()[-1]
    assert said.startswith("interrupted: kept: 0 of 50 seeds, seed 1 up to month ")
    assert said.endswith(f"; go on with: sincerity resume {folder}")
    assert "Traceback" not in rest
    assert json.loads((folder / "manifest.json").read_text())["status"] == "interrupted"
    assert len(list((folder / "checkpoints").iterdir())) == 1


def test_ctrl_c_in_the_report_says_that_the_run_is_whole(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(study: object, path: object = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sincerity.study.study.Study.report", interrupted)
    assert execute(["run", "none", *SMALL, "--seeds", "1", "--out", str(tmp_path)]) == 130
    (folder,) = tmp_path.glob("none-*")
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"interrupted: the run is whole, its report is not written: {folder}"
