"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from domain.errors import Unavailable


@contextmanager
def replace(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path`, durably, once the block ends well. Raises Unavailable."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(cause=f"file not written: errno {error.errno}") from None
