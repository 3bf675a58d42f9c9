"""The catalogue: regimes and societies by name or file, with `extends:` resolved and settings applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.declare.settings import Setting, apply, parse
from sincerity.declare.tree import PACKAGE, Leaf, Node, Table, name_of_file, read_file

if TYPE_CHECKING:
    from sincerity.declare.regime import Regime
    from sincerity.declare.society import Society

Kind = Literal["regime", "society"]
ROOT = PACKAGE
MOST_REFORMS = 20  # files between a reform and what it is a reform of, at last
AGE_SEX = "age_sex.csv"
FOLDERS: dict[Kind, str] = {"regime": "regimes", "society": "societies"}


def regime(name_or_path: str, overrides: Iterable[tuple[str, str]] = ()) -> Regime:
    """Return a regime by name or file.

    Args:
        name_or_path: a name of `regime_names()`, a YAML file, or a folder that holds regime.yaml.
        overrides: (path, value) pairs as `--set path=value` gives them; paths are those of the regime's file.

    Raises:
        BadInput: with every problem of the file, of what it extends, and of the overrides.
    """
    return resolved(name_or_path, overrides)[1]


def resolved(name_or_path: str, overrides: Iterable[tuple[str, str]] = ()) -> tuple[Table, Regime]:
    """Return the tree of a regime, with `extends:` and overrides resolved, and the regime; as for `regime`."""
    problems: list[Problem] = []
    tree = tree_of("regime", name_or_path, problems)
    built = None
    if tree is not None:
        name = name_in(tree, name_or_path)
        tree = apply(_settings(overrides, problems), {name: tree}, problems)[name]
        built = regime_from(tree, problems)
    if tree is None or built is None or problems:
        raise BadInput(problems)
    return tree, built


def society(name_or_path: str, overrides: Iterable[tuple[str, str]] = ()) -> Society:
    """Return a society by name or file; arguments and errors as for `regime`. Its tables are not read."""
    return resolved_society(name_or_path, overrides)[1]


def resolved_society(name_or_path: str, overrides: Iterable[tuple[str, str]] = ()) -> tuple[Table, Society]:
    """Return the tree of a society, with `extends:` and overrides resolved, and the society; as for `regime`."""
    problems: list[Problem] = []
    tree = tree_of("society", name_or_path, problems)
    built = None
    if tree is not None:
        settings = [setting.under("society") for setting in _settings(overrides, problems)]
        changed = apply(settings, {"society": tree}, problems)
        built = society_from(changed["society"], tables_of(tree), problems)
        tree = changed["society"]
    if tree is None or built is None or problems:
        raise BadInput(problems)
    return tree, built


def checked_society(name_or_path: str) -> tuple[Table, Society]:
    """Return the tree of a society and the society. BadInput with all that is wrong in its file and tables."""
    from sincerity.declare.tables import read_folder

    problems: list[Problem] = []
    tree = tree_of("society", name_or_path, problems)
    folder = tables_of(tree) if tree is not None else None
    built = society_from(tree, folder, problems) if tree is not None else None
    if built is not None and not problems:
        built.tables()
    elif folder is not None:
        read_folder(folder, problems)
    if tree is None or built is None or problems:
        raise BadInput(problems)
    return tree, built


def regime_names() -> tuple[str, ...]:
    """Return the names of the regimes that come with the package, `none` first, then by letter."""
    return tuple(sorted(_names("regime"), key=lambda name: (name != "none", name)))


def society_names() -> tuple[str, ...]:
    """Return the names of the societies that come with the package, by letter."""
    return _names("society")


@cache
def reforms_of(name: str) -> tuple[str, ...]:
    """Return the regimes of the catalogue that are stated as a difference from this one, by letter."""
    found = []
    for each in regime_names():
        path = folder_of("regime", each) / "regime.yaml"
        tree = read_file(path, str(path), [])
        base = tree.entries.get("extends") if tree else None
        if isinstance(base, Leaf) and base.text == name:
            found.append(each)
    return tuple(found)


def regime_from(tree: Table, problems: list[Problem]) -> Regime | None:
    """Return the regime that a tree declares; None, with the problems appended, if it does not."""
    from sincerity.declare.check import build
    from sincerity.declare.regime import Regime

    return build(Regime, tree, problems)


def society_from(tree: Table, folder: Path | None, problems: list[Problem]) -> Society | None:
    """Return the society that a tree declares; None, with the problems appended, if it does not."""
    from sincerity.declare.check import build
    from sincerity.declare.society import Society

    built = build(Society, tree, problems)
    if built is not None:
        built._folder = folder
    return built


def tree_of(kind: Kind, name_or_path: str, problems: list[Problem], chain: tuple[Path, ...] = ()) -> Table | None:
    """Return the tree of a regime or society with `extends:` resolved; None, with the problems appended, on error."""
    from sincerity.declare.merge import reformed

    path = _find(kind, name_or_path, None, problems)
    if path is None:
        return None
    tree = read_file(path, name_of_file(path), problems)
    if tree is None or "extends" not in tree.entries:
        return tree
    base = _base(kind, path, tree, problems, (*chain, path))
    if base is None:
        return None
    if "name" not in tree.entries:
        problems.append(tree.keys["extends"].problem("a reform needs a name of its own", "`name: …`"))
    return reformed(base, tree.with_entry("extends", None, tree.place), problems)


def must_be_new(kind: Kind, name: str) -> None:
    """Raise BadInput unless a regime or society may be called so: a fit name that nothing in the catalogue has."""
    from pydantic_core import PydanticCustomError

    from sincerity.declare.base import own_name

    try:
        own_name(name)
    except PydanticCustomError as error:
        context = error.context or {}
        raise BadInput([Problem(name[:80], 0, 0, str(context["said"]), str(context["expected"]))]) from None
    if name in _names(kind):
        raise BadInput([Problem(name, 0, 0, f"a {kind} of the catalogue has this name", "another name")])


def folder_of(kind: Kind, name_or_path: str) -> Path:
    """Return the folder of the file that a name or path means. BadInput if it means none."""
    problems: list[Problem] = []
    path = _find(kind, name_or_path, None, problems)
    if path is None:
        raise BadInput(problems)
    return path.parent


def shown(path: Path) -> str:
    """Return a file's name as messages give it."""
    return name_of_file(path)


def name_in(tree: Table, given: str) -> str:
    """Return the name that a tree declares, or the one that it was asked for by; never 'society'."""
    node = tree.entries.get("name")
    return node.text if isinstance(node, Leaf) and node.text != "society" else given


def tables_of(tree: Table, name: str = "") -> Path | None:
    """Return the folder with the tables of a society: beside its file, or else beside the file that it extends.

    `name` says which society of the catalogue to take the tables of where no file has them.
    """
    folders = [path.parent for path in dict.fromkeys(_files(tree))]
    if name in society_names():
        folders.append(ROOT / FOLDERS["society"] / name)
    with_tables = [folder for folder in folders if (folder / AGE_SEX).is_file()]
    return next(iter(with_tables or folders), None)


def _files(node: Node) -> Iterator[Path]:
    """Yield the files that a tree was read from, the extending file before those that it extends."""
    if node.place.source.path is not None:
        yield node.place.source.path
    if isinstance(node, Table):
        for inner in node.entries.values():
            yield from _files(inner)


def _base(kind: Kind, path: Path, tree: Table, problems: list[Problem], chain: tuple[Path, ...]) -> Table | None:
    """Return the tree of what a file extends."""
    node, place = tree.entries["extends"], tree.keys["extends"]
    if not isinstance(node, Leaf) or node.empty:
        problems.append(place.problem("`extends` names one regime", "a name or a file"))
        return None
    unknown: list[Problem] = []
    base = _find(kind, node.text, path.parent, unknown)
    if base is not None and not _is_file(base):
        unknown.append(Problem("", 0, 0, f"there is no file `{node.text[:80]}` here"))
        base = None
    if base is None:
        problems.extend(node.place.problem(p.message, p.expected, p.did_you_mean) for p in unknown)
        return None
    if len(chain) > MOST_REFORMS:
        problems.append(node.place.problem(f"`extends` goes through more than {MOST_REFORMS} files"))
        return None
    if base in chain:
        round_trip = " → ".join(name_of_file(step) for step in (*chain[chain.index(base) :], base))
        problems.append(node.place.problem(f"`extends` goes in a circle: {round_trip}"))
        return None
    return tree_of(kind, str(base), problems, chain)


def _find(kind: Kind, given: str, beside: Path | None, problems: list[Problem]) -> Path | None:
    """Return the file of a name or path; a path may be relative to the file that extends it."""
    if given in _names(kind):
        return ROOT / FOLDERS[kind] / given / f"{kind}.yaml"
    names = _names(kind)
    if "/" not in given and "\\" not in given and not given.endswith((".yaml", ".yml")):
        here = (beside or Path()) / given / f"{kind}.yaml"
        near = f"./{given}" if _is_file(here) else closest(given, names)
        known = f"a file, or one of {', '.join(names)}"
        message = f"no {kind} is called `{given[:80]}`"
        problems.append(Problem(f"{kind} {given[:80]}", 0, 0, message, known, f"`{near}`" if near else ""))
        return None
    path = Path(given) if beside is None else beside / given
    try:
        path = path.resolve()
        return path / f"{kind}.yaml" if path.is_dir() and (path / f"{kind}.yaml").is_file() else path
    except (OSError, ValueError, RuntimeError):
        return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


@cache
def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(sorted(found.parent.name for found in (ROOT / FOLDERS[kind]).glob(f"*/{kind}.yaml")))


def _settings(overrides: Iterable[tuple[str, str]], problems: list[Problem]) -> list[Setting]:
    return [setting for path, value in overrides if (setting := parse(f"{path}={value}", problems)) is not None]
