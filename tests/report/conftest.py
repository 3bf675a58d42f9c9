from collections.abc import Callable
from pathlib import Path

import pytest

from sincerity.report import page
from sincerity.study.study import Study
from study.fake import fake_scenario, fake_study, make_study

__all__ = ["document", "fake_study", "study_of"]  # of a study that kept neither a life nor a last state


@pytest.fixture
def study_of(tmp_path: Path) -> Callable[..., Study]:
    """Makes a study from a census made up, for any number of seeds."""
    return lambda **changes: make_study(tmp_path / "runs", fake_scenario(**changes))


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a study of three seeds."""
    study = make_study(tmp_path_factory.mktemp("runs"))
    return page.write(study, study.folder / "report.html").read_text(encoding="utf-8")
