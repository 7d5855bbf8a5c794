"""A founder's word on the facts, from the letter that asked for it."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select

from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.mail_link import Doubt, Hand, Purpose, doubts
from app.domain.outcome import ConfirmationKind
from app.domain.surname import ensure_surname
from app.models.mail_link import MailLink, RecordHand
from app.models.message import Delivery
from app.models.person import Person
from app.services import outcomes
from app.services.mail_links.using import spend, take
from app.unit_of_work import UnitOfWork

CONFIRMED, DISPUTED, DOUBTED = "confirmed", "disputed", "doubted"
_NOWHERE = Hand()


def confirm(
    uow: UnitOfWork,
    token_sha256: str,
    word: outcomes.OwnWord,
    surname: str,
    hand: Hand = _NOWHERE,
) -> MailLink:
    """Take the word of the letter's reader, who types his surname to say that he means it.

    A yes that may be somebody else's is kept and settles nothing: an officer calls him.

    Raises:
        LinkClosedError: something was done with the link already, or it is too late.
        InvalidInputError: it is not his surname, or he disagrees without saying in what.
    """
    link = take(uow, token_sha256, Purpose.CONFIRM)
    person = _reader(uow)
    ensure_surname(person.name, surname)
    if not word.agrees and not (word.remark or "").strip():
        raise InvalidInputError(errors=[FieldError("remark", "input.required")])
    word = replace(word, signed_name=surname)
    outcome = outcomes.of_session(uow, link.subject_id)
    if outcome is None:
        raise NotFoundError("outcome.not_found")
    found = _doubts(uow, link, person.id, hand) if word.agrees else ()
    if found:
        outcomes.doubt(uow, outcome.id, word, [each.value for each in found])
        return spend(uow, link, DOUBTED, hand)
    outcomes.say(uow, outcome.id, word, ConfirmationKind.LINK)
    return spend(uow, link, CONFIRMED if word.agrees else DISPUTED, hand)


def _reader(uow: UnitOfWork) -> Person:
    if uow.actor.person_id is None:
        raise NotFoundError("person.not_found")
    return uow.load(Person, uow.actor.person_id)


def _doubts(uow: UnitOfWork, link: MailLink, person_id: UUID, hand: Hand) -> tuple[Doubt, ...]:
    with uow.beyond_scope("whether one hand is behind the record and the word on it"):
        records = uow.session.execute(
            select(RecordHand.device, RecordHand.address).where(
                RecordHand.service_session_id == link.subject_id
            )
        )
        others = [Hand(device=device, address=address) for device, address in records]
        address = uow.load(Delivery, link.delivery_id).address
        sharing = uow.all(
            select(Person.id)
            .where(func.lower(Person.email) == address.lower(), Person.id != person_id)
            .limit(1)
        )
    return doubts(hand, others, shares_contact=bool(sharing))
