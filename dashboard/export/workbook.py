"""Tables as an Excel workbook: text is never a formula, and the same tables are the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

from dashboard.figures.record import Table

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""What a zip can say at the earliest: a workbook carries no time of its own."""


def workbook(sheets: Iterable[tuple[str, Table]]) -> bytes:
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(*_MOMENT)
    for name, table in sheets:
        sheet = book.create_sheet(name[:31])
        for row in (table.columns, *table.rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        ExcelWriter(book, archive).save()  # book.save would set the moment of the last change to now
    return _dated(made.getvalue())


def _dated(archive: bytes) -> bytes:
    """Return a zip with one moment for every file, so that equal contents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
