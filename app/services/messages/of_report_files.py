"""What a message on a report file needs to know: the stretch, and who asked for it."""

from app.models.report_file import ReportFile
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork


def of_report_file(_uow: UnitOfWork, row: ReportFile) -> Concern:
    """Return what whoever asked for the file is told."""
    return Concern(
        facts={"period": row.stretch},
        status=row.status.value,
        maker_id=row.asked_by_id,
        pages={"file_id": str(row.id)},
    )
