"""The refusal of a file that cannot be read as a table."""

from app.domain.import_row import ImportRefusedError, RowFault


class SheetError(ImportRefusedError):
    """The file, or one place of it, is no table this service reads."""

    @classmethod
    def at_row(cls, row: int, fault: str, field: str = "", **facts: object) -> "SheetError":
        """Return the error of one row; row 0 is the file as a whole."""
        return cls([RowFault(row, field, fault, facts)])
