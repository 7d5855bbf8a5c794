"""Look over the trail and the books at night; both are read without a lock."""

from datetime import date

from app.domain.attachment import KeptFiles
from app.domain.audit_entry import Checker
from app.jobs.handling import LookingHandler, Step
from app.services import audit_entries, self_audits
from app.services.self_audits import Looked, Tick
from app.unit_of_work import Reader


def looking_over(
    files: KeptFiles | None, key: bytes | None, checker: Checker | None
) -> LookingHandler:
    """Return what looks over the books and proves the trail as far as it is given the keys.

    Args:
        files: where the bytes of attachments lie; without it they are not looked at.
        key: marks entries of the trail; without it the trail is not proved at all.
        checker: the public keys of seals.
    """

    def prove(reader: Reader, tick: Tick) -> audit_entries.Report:
        return audit_entries.verify(reader, key, checker=checker, tick=tick)

    def look(reader: Reader, today: date, step: Step) -> Looked:
        return self_audits.look_over(reader, today, step, files=files, prove=prove if key else None)

    return LookingHandler(
        prepare=self_audits.begin,
        look=look,
        step=lambda _uow, _job, _done, _total: None,
        record=lambda uow, _job, looked: self_audits.record(uow, looked),
    )
