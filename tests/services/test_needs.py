from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode
from app.domain.booking import BookingStatus, IllegalTransitionError
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.need import (
    Channel,
    NeedClosedError,
    NeedInServiceError,
    NeedStatus,
    TopicState,
)
from app.domain.venture import EntityType
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from app.models.need import Need, NeedTopic
from app.models.person import Person, Venture, VentureMember
from app.services import bookings, needs
from app.services.bookings import Choice
from app.services.needs import NeedInput
from app.services.ventures import VentureInput
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, a_mentor, a_need, a_person, a_venture, an_expert, staff
from tests.moments import START, at

TEXT = (
    "现在想申请专利，但核心算法是在学校实验室时写的，不知道归谁。另外有个投资人想进来，要占 30%。"
)
CODE = "91350100M000100Y43"


@pytest.fixture
def founder(store: Store) -> Actor:
    return a_founder(store)


def given(**values: Any) -> NeedInput:
    defaults: dict[str, Any] = {
        "text": TEXT,
        "session_type": "diagnosis",
        "stage": "startup",
        "area": "east_new_area",
        "street": "tangye",
        "modes": ("onsite",),
    }
    return NeedInput(**{**defaults, **values})


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def topics(store: Store) -> dict[str, str]:
    return {row.code: row.state.value for row in everything(store, NeedTopic)}


def entries(store: Store) -> list[str]:
    return [row.action for row in everything(store, AuditEntry) if row.action.startswith("need.")]


def mark(store: Store, need: Need, status: NeedStatus) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.load(Need, need.id).status = status

    store.execute(SYSTEM, use_case)


def test_a_founder_submits_and_is_told(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given())

    assert (need.status, need.submitted_at, need.channel) == (
        NeedStatus.SUBMITTED,
        START,
        Channel.WEB,
    )
    assert (need.person_id, need.reference) == (founder.person_id, "XQ2026-000001")
    assert entries(store) == ["need.submitted"]
    (told,) = everything(store, Job)
    assert (told.subject_id, told.payload["event"]) == (need.id, "need.submitted")


def test_topics_are_understood_with_exact_pieces_of_the_text(store: Store, founder: Actor) -> None:
    store.execute(founder, needs.submit, given())

    found = everything(store, NeedTopic)
    assert {"ip", "equity_financing"} <= {row.code for row in found}
    assert all(row.evidence and row.evidence in TEXT for row in found)


def test_words_are_taken_for_their_codes(store: Store, founder: Actor) -> None:
    need = store.execute(
        founder,
        needs.submit,
        given(stage="mature", area="临港产业区", industry="餐饮零售", modes=("电话", "视频")),
    )

    assert (need.stage, need.area, need.industry) == ("growth", "airport_zone", "catering_retail")
    assert need.modes == ["phone", "online"]


def test_an_industry_the_list_lacks_is_kept_in_the_founders_words(store, founder) -> None:
    assert store.execute(founder, needs.submit, given(industry=" 养蜂 业 ")).industry == "养蜂 业"


def test_every_field_with_a_fault_is_named_at_once(store: Store, founder: Actor) -> None:
    with pytest.raises(InvalidInputError) as refused:
        store.execute(
            founder,
            needs.submit,
            given(
                text="太短",
                session_type="lecture",
                stage="x",
                area="y",
                street="z",
                modes=("email",),
                added=("astrology",),
                industry="业" * 41,
            ),
        )

    assert {(each.field, each.code) for each in refused.value.errors} == {
        ("text", "need.too_short"),
        ("session_type", "input.unknown_code"),
        ("stage", "input.unknown_code"),
        ("area", "input.unknown_code"),
        ("street", "input.unknown_code"),
        ("modes", "input.unknown_code"),
        ("topics", "input.unknown_code"),
        ("industry", "input.too_long"),
    }
    assert everything(store, Need) == []
    assert entries(store) == []


@pytest.mark.parametrize("session_type", ["", "nonsense"])
def test_a_need_asks_for_a_known_service(store, founder, session_type) -> None:
    with pytest.raises(InvalidInputError) as refused:
        store.execute(founder, needs.submit, given(session_type=session_type))
    assert [each.field for each in refused.value.errors] == ["session_type"]


def test_an_industry_that_cannot_be_shown_is_refused(store: Store, founder: Actor) -> None:
    with pytest.raises(InvalidInputError) as refused:
        store.execute(founder, needs.submit, given(industry="养\x07蜂"))
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("industry", "input.control_character")
    ]


def test_without_a_chosen_way_to_meet_all_are_welcome(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given(modes=()))
    assert need.modes == ["onsite", "online", "phone"]


def test_what_the_founder_struck_and_added_is_kept(store: Store, founder: Actor) -> None:
    store.execute(founder, needs.submit, given(struck=("equity_financing",), added=("marketing",)))

    found = topics(store)
    assert found["marketing"] == "added"
    assert found["equity_financing"] == "struck"
    assert found["ip"] == "found"


def test_a_founder_cannot_submit_for_somebody_else(store: Store, founder: Actor) -> None:
    other = a_person(store, name="王强")
    with pytest.raises(NotFoundError):
        store.execute(founder, needs.submit, given(), person_id=other.id)


def test_a_mentor_cannot_submit(store: Store) -> None:
    mentor = a_mentor(store, an_expert(store))
    with pytest.raises(ForbiddenError):
        store.execute(mentor, needs.submit, given())


def test_a_street_clerk_submits_for_a_walk_in(store: Store) -> None:
    clerk = staff(store, Role.STREET_LIAISON, street="tangye")
    person = a_person(store, street="tangye")

    need = store.execute(clerk, needs.submit, given(street=None), person_id=person.id)

    assert (need.channel, need.street, need.person_id) == (Channel.STREET, "tangye", person.id)


def test_a_street_clerk_does_not_know_people_of_another_street(store: Store) -> None:
    clerk = staff(store, Role.STREET_LIAISON, street="tangye")
    person = a_person(store, street="quanfu")
    with pytest.raises(NotFoundError):
        store.execute(clerk, needs.submit, given(), person_id=person.id)


def test_an_officer_names_the_person_he_writes_for(store: Store) -> None:
    officer = staff(store)
    with pytest.raises(InvalidInputError) as refused:
        store.execute(officer, needs.submit, given())
    assert refused.value.errors[0].field == "person_id"

    person = a_person(store, street=None)
    need = store.execute(officer, needs.submit, given(), person_id=person.id)
    assert need.channel is Channel.BUREAU
    assert [each.street for each in everything(store, Person) if each.id == person.id] == ["tangye"]


def test_a_need_that_came_over_the_api_says_so(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given(channel=Channel.API))
    assert need.channel is Channel.API


def test_a_new_venture_is_registered_with_the_founder_as_contact(store, founder) -> None:
    venture = VentureInput(
        name="禾墒",
        entity_type=EntityType.COMPANY,
        credit_code=CODE,
        registered_on=date(2025, 1, 2),
    )
    need = store.execute(founder, needs.submit, given(venture=venture))

    (kept,) = everything(store, Venture)
    assert (kept.id, kept.credit_code, kept.street) == (need.venture_id, CODE, "tangye")
    (member,) = everything(store, VentureMember)
    assert (member.person_id, member.is_contact) == (founder.person_id, True)


def test_a_venture_with_a_fault_leaves_no_need_behind(store, founder) -> None:
    with pytest.raises(InvalidInputError):
        store.execute(founder, needs.submit, given(venture=VentureInput(name=" ")))
    assert everything(store, Need) == []


def test_a_founder_uses_his_venture_again_and_nobody_elses(store, founder) -> None:
    own = a_venture(store, founder.person_id)
    other = a_venture(store, a_person(store).id, name="别人的")

    assert store.execute(founder, needs.submit, given(venture_id=own.id)).venture_id == own.id
    with pytest.raises(NotFoundError):
        store.execute(founder, needs.submit, given(venture_id=other.id))


def test_staff_cannot_put_a_founder_into_a_venture_he_is_not_of(store, founder) -> None:
    other = a_venture(store, a_person(store).id)
    with pytest.raises(NotFoundError, match=r"venture\.not_found"):
        store.execute(
            staff(store),
            needs.submit,
            given(venture_id=other.id),
            person_id=founder.person_id,
        )


def test_a_draft_may_be_unfinished_and_becomes_the_need(store: Store, founder: Actor) -> None:
    first = store.execute(founder, needs.draft, given(text="专利"))
    again = store.execute(founder, needs.draft, given(text="专利归谁"), draft_id=first.id)
    assert (again.id, again.status, again.submitted_at) == (first.id, NeedStatus.DRAFT, None)

    need = store.execute(founder, needs.submit, given(), draft_id=first.id)
    assert (need.id, need.status) == (first.id, NeedStatus.SUBMITTED)
    assert len(everything(store, Need)) == 1
    with pytest.raises(NotFoundError):
        store.execute(founder, needs.draft, given(), draft_id=first.id)


def test_a_draft_too_long_to_read_is_refused(store: Store, founder: Actor) -> None:
    with pytest.raises(InvalidInputError):
        store.execute(founder, needs.draft, given(text="长" * 2001))


def test_an_edit_is_understood_anew_and_keeps_what_people_said(store, founder) -> None:
    need = store.execute(
        founder, needs.submit, given(struck=("equity_financing",), added=("marketing",))
    )
    longer = TEXT + "还想找孵化器入驻。"

    changed = store.execute(founder, needs.edit, need.id, given(text=longer, stage="early"))

    assert (changed.text, changed.stage) == (longer, "early")
    found = topics(store)
    assert (found["marketing"], found["equity_financing"]) == ("added", "struck")
    assert entries(store) == ["need.submitted", "need.edited"]


def test_an_edit_of_a_stale_page_is_refused(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given())
    seen = need.version
    store.execute(founder, needs.edit, need.id, given(stage="early"), version=seen)

    with pytest.raises(StaleVersionError):
        store.execute(founder, needs.edit, need.id, given(stage="growth"), version=seen)


def test_a_submitted_need_cannot_be_emptied_by_an_edit(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given())
    with pytest.raises(InvalidInputError):
        store.execute(founder, needs.edit, need.id, given(text=""))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (NeedStatus.BOOKED, NeedInServiceError),
        (NeedStatus.SERVED, NeedInServiceError),
        (NeedStatus.WITHDRAWN, NeedClosedError),
        (NeedStatus.CLOSED, NeedClosedError),
    ],
)
def test_a_need_in_service_or_over_is_not_changed(store, founder, status, error) -> None:
    need = store.execute(founder, needs.submit, given())
    mark(store, need, status)

    for use_case, args in (
        (needs.edit, (given(),)),
        (needs.withdraw, ()),
        (needs.add_topic, ("marketing",)),
        (needs.strike_topic, ("ip",)),
    ):
        with pytest.raises(error):
            store.execute(founder, use_case, need.id, *args)


def test_a_foreign_need_is_not_there(store: Store, founder: Actor) -> None:
    need = store.execute(founder, needs.submit, given())
    stranger = a_founder(store, name="王强")

    for use_case, args in ((needs.edit, (given(),)), (needs.withdraw, ())):
        with pytest.raises(NotFoundError):
            store.execute(stranger, use_case, need.id, *args)


def test_a_withdrawn_need_stays_on_record_and_a_draft_is_gone(store, founder) -> None:
    need = store.execute(founder, needs.submit, given())
    draft = store.execute(founder, needs.draft, given())

    store.execute(founder, needs.withdraw, need.id)
    store.execute(founder, needs.withdraw, draft.id)

    assert [(row.id, row.status) for row in everything(store, Need)] == [
        (need.id, NeedStatus.WITHDRAWN)
    ]
    assert {row.need_id for row in everything(store, NeedTopic)} == {need.id}
    assert entries(store).count("need.withdrawn") == 2


def test_withdrawing_a_need_gives_back_the_times_held_for_it(store, founder) -> None:
    need, expert = store.execute(founder, needs.submit, given()), an_expert(store)
    choice = Choice(
        need_id=need.id, expert_id=expert.id, starts_at=at("09-18 14:00"), mode=Mode.ONSITE
    )
    held = store.execute(founder, bookings.hold, choice)

    store.execute(founder, needs.withdraw, need.id)

    (booking,) = everything(store, Booking)
    assert (booking.id, booking.status) == (held.id, BookingStatus.RELEASED)
    assert {claim.is_active for claim in everything(store, ResourceClaim)} == {False}
    with pytest.raises(IllegalTransitionError):
        store.execute(founder, bookings.request, held.id)


def test_a_topic_struck_comes_back_with_its_evidence(store: Store, founder: Actor) -> None:
    need = a_need(store, founder.person_id)

    store.execute(founder, needs.strike_topic, need.id, "registration")
    assert topics(store) == {"registration": "struck"}
    row = store.execute(founder, needs.add_topic, need.id, "registration")

    assert (row.state, row.evidence) == (TopicState.FOUND, "营业执照")
    assert entries(store) == ["need.topic_struck", "need.topic_added"]


def test_a_topic_added_and_struck_leaves_no_trace_on_the_need(store, founder) -> None:
    need = a_need(store, founder.person_id)
    store.execute(founder, needs.add_topic, need.id, "marketing")
    store.execute(founder, needs.add_topic, need.id, "marketing")
    assert topics(store) == {"registration": "found", "marketing": "added"}

    store.execute(founder, needs.strike_topic, need.id, "marketing")
    assert topics(store) == {"registration": "found"}


def test_a_fourth_topic_an_unknown_one_and_one_that_is_not_there_are_refused(
    store, founder
) -> None:
    need = a_need(store, founder.person_id)
    for code in ("marketing", "permits"):
        store.execute(founder, needs.add_topic, need.id, code)

    with pytest.raises(InvalidInputError, match=r"need\.too_many_topics"):
        store.execute(founder, needs.add_topic, need.id, "ip")
    with pytest.raises(InvalidInputError, match=r"input\.unknown_code"):
        store.execute(founder, needs.add_topic, need.id, "astrology")
    with pytest.raises(NotFoundError):
        store.execute(founder, needs.strike_topic, need.id, "ip")
