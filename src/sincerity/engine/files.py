"""Files that are whole or not there, and what the system says about them in one message for the reader."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sincerity.declare.problems import BadInput, Problem


class StoreError(BadInput):
    """A file or folder of a run that cannot be read or written, or is busy: one message that says what to do."""

    def __init__(self, where: Path | str, message: str, expected: str = "") -> None:
        super().__init__([Problem(str(where), 0, 0, message, expected)])


@contextmanager
def disk(where: Path) -> Iterator[None]:
    """Turn what the system says about a file into one message for the reader."""
    try:
        yield
    except OSError as error:
        words = {
            errno.ENOSPC: "the disk is full; this was not written",
            errno.EDQUOT: "the disk quota is used up; this was not written",
            errno.ENOENT: "there is no such file or folder",
            errno.ENOTDIR: "a part of this path is a file, not a folder",
            errno.EACCES: "no permission",
            errno.EROFS: "this file system is read-only",
        }
        raise StoreError(where, words.get(error.errno or 0, str(error.strerror or error).lower())) from error


def write(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file whole or not at all: `fill` writes to a temporary name, which is synced and renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk(path):
        try:
            with temporary.open("wb") as stream:
                fill(stream)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make a rename last through a power cut, where the system lets a folder be synced."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
