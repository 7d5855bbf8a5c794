"""A founder's word on the facts, from the letter that asked for it."""

from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.mail_link import Purpose
from app.domain.outcome import ConfirmationKind
from app.domain.surname import ensure_surname
from app.models.mail_link import MailLink
from app.models.person import Person
from app.services import outcomes
from app.services.mail_links.using import spend, take
from app.unit_of_work import UnitOfWork

CONFIRMED, DISPUTED = "confirmed", "disputed"


def confirm(uow: UnitOfWork, token_sha256: str, word: outcomes.OwnWord, surname: str) -> MailLink:
    """Take the word of the letter's reader, who types his surname to say that he means it.

    Raises:
        LinkClosedError: something was done with the link already, or it is too late.
        InvalidInputError: it is not his surname, or he disagrees without saying in what.
    """
    link = take(uow, token_sha256, Purpose.CONFIRM)
    if uow.actor.person_id is None:
        raise NotFoundError("person.not_found")
    ensure_surname(uow.load(Person, uow.actor.person_id).name, surname)
    if not word.agrees and not (word.remark or "").strip():
        raise InvalidInputError(errors=[FieldError("remark", "input.required")])
    outcome = outcomes.of_session(uow, link.subject_id)
    if outcome is None:
        raise NotFoundError("outcome.not_found")
    outcomes.say(uow, outcome.id, word, ConfirmationKind.LINK)
    return spend(uow, link, CONFIRMED if word.agrees else DISPUTED)
