"""Tables as an Excel workbook: text is never a formula, and the same tables are the same bytes."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

from dashboard.export.files import EARLIEST, zipped
from dashboard.figures.record import Table

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheets: Iterable[tuple[str, Table]]) -> bytes:
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(*EARLIEST)
    for name, table in sheets:
        sheet = book.create_sheet(name[:31])
        for row in (table.columns, *table.rows):
            cells = [WriteOnlyCell(sheet, value) for value in row]
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
            sheet.append(cells)
    body = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(body, "w")).save()  # book.save would set the last change to now
    with zipfile.ZipFile(body) as archive:
        return zipped((name, archive.read(name)) for name in archive.namelist())
