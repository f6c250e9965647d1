"""An MLTable of this machine checked before it is uploaded: its document, and that its files are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zaffre.core import mltable
from zaffre.core.errors import Invalid, Problem
from zaffre.core.mltable import MLTable, TablePath


def problems(folder: Path) -> Sequence[Problem]:
    """What is wrong with the table in ``folder``, with the line and column of its MLTable."""
    file = folder / mltable.FILE_NAME
    if not file.is_file():
        return [Problem(f"a table is a folder with a file named {mltable.FILE_NAME} in it; {folder} has none")]
    try:
        table = mltable.read(file.read_text(encoding="utf-8"), file=str(file))
        mltable.check_asset(table, str(file))
    except Invalid as error:
        return error.problems
    except UnicodeDecodeError as error:
        return [Problem(f"expected text in UTF-8: {error}", file=str(file))]
    return [told for index, path in enumerate(table.paths) if (told := _absent(folder, table, index, path))]


def _absent(folder: Path, table: MLTable, index: int, path: TablePath) -> Problem | None:
    """A problem for a file or folder that is not there; what a pattern matches may come later."""
    if path.is_cloud or path.kind == "pattern" or (folder / path.value).exists():
        return None
    told = Problem(
        f"nothing is at {folder / path.value}", f"paths[{index}].{path.kind}", str(folder / mltable.FILE_NAME)
    )
    return table.placed(told)
