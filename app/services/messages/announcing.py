"""What other systems and robots are told of an event: codes and keys, and officers' words."""

from datetime import datetime
from functools import partial
from uuid import UUID

from app.domain.webhook import officers_notice
from app.domain.wording import fill
from app.queries.message_texts import written
from app.services import webhooks
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork

# Groups of colleagues live on other people's servers: who it is about is read in the service.
_UNNAMED = {"mentor": "导师", "founder": "创业者", "successor": "另一位导师"}


def announce(
    uow: UnitOfWork,
    event: str,
    subject_id: UUID,
    revision: int,
    concern: Concern,
    at: datetime,
) -> None:
    """Plan the event for every receiver outside that asked for it.

    Args:
        uow: the transaction in which people are told of it.
        event: what happened.
        subject_id: to what.
        revision: which occurrence.
        concern: what is known of it.
        at: when it happened.
    """
    webhooks.announce(
        uow,
        webhooks.Happening(
            event=event,
            subject_id=subject_id,
            revision=revision,
            data={
                "subject_id": str(subject_id),
                "revision": revision,
                "status": concern.status,
                **_known(concern),
            },
            at=at,
            text=partial(_officers_words, event, concern),
        ),
    )


def _known(concern: Concern) -> dict[str, str]:
    # A page that is not there yet, such as that of a meeting not agreed, is named by nothing.
    return {name: key for name, key in concern.pages.items() if key != str(None)}


def _officers_words(event: str, concern: Concern) -> str | None:
    notice = officers_notice(event)
    if notice is None:
        return None
    title, _ = written(notice.words, {**concern.facts, **_UNNAMED}, "zh")
    return f"{title}\n{fill(notice.href, concern.pages)}"
