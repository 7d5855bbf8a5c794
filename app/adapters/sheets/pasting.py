"""A table copied out of a document or a message, as rows by field."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.adapters.sheets.errors import SheetError
from app.domain.import_row import SourceRow
from app.domain.vocabulary import fold

_BETWEEN = re.compile(r"\t|[,，]|[ \u3000]{2,}")


def pasted_rows(
    text: str, headings: Mapping[str, str], fields: Sequence[str]
) -> tuple[SourceRow, ...]:
    """Return the rows of a pasted table, numbered by its lines.

    Cells stand apart by a tab, a comma or two spaces. Without a line of headings the cells are
    taken for the fields in their order.

    Raises:
        SheetError: there are no rows, or a line has more cells than there are fields.
    """
    rows = list(_rows(text, headings, list(fields)))
    if not rows:
        raise SheetError.at_row(0, "import.no_rows")
    return tuple(rows)


def _rows(text: str, headings: Mapping[str, str], fields: list[str]) -> Iterator[SourceRow]:
    is_first = True
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in _BETWEEN.split(line.strip())]
        named = [headings.get(fold(cell), "") for cell in cells]
        if is_first and all(named):
            fields = named
        elif len(cells) > len(fields):
            raise SheetError.at_row(number, "import.too_many_cells")
        else:
            yield SourceRow(number, dict(zip(fields, cells, strict=False)))
        is_first = False
