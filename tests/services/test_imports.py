import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.adapters.import_rows import EXPERTS, NEEDS
from app.adapters.sheets import read_rows
from app.domain.actor import SYSTEM, Role
from app.domain.errors import ForbiddenError
from app.domain.expert import ExpertCategory
from app.domain.import_row import ImportRefusedError, ImportReport, SourceRow
from app.domain.need import Channel, NeedStatus
from app.models.audit_entry import AuditEntry
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.models.job import Job
from app.models.need import Need, NeedTopic
from app.models.person import FounderGroup, Person, Venture, VentureMember
from app.models.service_record import ServiceRecord
from app.services import experts, needs
from app.unit_of_work import Store, UnitOfWork
from tests.builders import staff
from tests.founder_road import FounderRoad
from tests.moments import START

ROOT = Path(__file__).parents[2]
COLLECTION = Path(os.environ.get("JIEBAN_COLLECTION", ROOT.parent / "shared" / "collection"))
CODE = "91350100M000100Y43"
EXPERT = {
    "id": "E1",
    "name": "张敏",
    "category": "专家学者",
    "bio": "从事知识产权教学与研究十八年。",
    "areas": "东部新兴区、超算创新区",
    "stages": ["idea", "mature"],
    "industries": ["餐饮零售", "养蜂"],
    "organisation_interests": ["昉生药业有限公司"],
}
NEED = {
    "id": "N1",
    "founder_name": "李晓",
    "venture": "禾墒大棚监测",
    "group": "返乡农民工",
    "industry": "现代农业",
    "stage": "startup",
    "area": "东部新兴区",
    "street": "唐冶街道",
    "mode": "onsite",
    "session_type": "diagnosis",
    "text": "现在想申请专利，但核心算法是在学校实验室时写的，不知道归谁。",
}


def rows(*values: dict[str, Any]) -> list[SourceRow]:
    return [SourceRow(number, each) for number, each in enumerate(values, start=2)]


def take(store: Store, use_case: Any, *values: dict[str, Any], **options: Any) -> ImportReport:
    report: ImportReport = store.execute(SYSTEM, use_case, rows(*values), **options)
    return report


def refused(store: Store, use_case: Any, *values: dict[str, Any]) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefusedError) as error:
        take(store, use_case, *values)
    return [(fault.row, fault.field, fault.code) for fault in error.value.faults]


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def count(store: Store, *models: Any) -> list[int]:
    with store.read(SYSTEM) as reader:
        return [
            reader.session.scalar(select(func.count()).select_from(model)) or 0 for model in models
        ]


def test_a_new_expert_is_of_the_pool_appointed_and_tied(store: Store) -> None:
    assert take(store, experts.import_rows, EXPERT) == ImportReport(created=1)

    (expert,), (person,) = everything(store, Expert), everything(store, Person)
    assert (expert.source_ref, expert.person_id, person.name) == ("E1", person.id, "张敏")
    assert expert.category is ExpertCategory.SCHOLAR
    assert expert.areas == ["east_new_area", "supercomputing_zone"]
    assert expert.stages == ["idea", "growth"]
    assert expert.industries == ["catering_retail", "养蜂"]
    assert expert.modes == ["onsite", "online", "phone"]
    (term,) = everything(store, Appointment)
    assert (term.starts_on, term.ends_on) == (date(2026, 9, 1), date(2029, 8, 31))
    assert term.document == "导入"
    (interest,) = everything(store, DeclaredInterest)
    assert (interest.organisation, interest.conflict_type) == ("昉生药业有限公司", "ci4_equity")
    actions = {entry.action for entry in everything(store, AuditEntry)}
    assert {"expert.imported", "appointment.imported", "interest.imported"} <= actions


def test_an_expert_is_appointed_for_the_term_of_the_row(store: Store) -> None:
    term = {
        "appointed_from": "2024-07-01",
        "appointed_until": "2027-06-30",
        "appointment_document": "历人社聘〔2024〕5号",
    }
    take(store, experts.import_rows, {**EXPERT, **term})

    (held,) = everything(store, Appointment)
    assert (held.starts_on, held.ends_on) == (date(2024, 7, 1), date(2027, 6, 30))
    assert (held.document, held.approved_on) == ("历人社聘〔2024〕5号", date(2024, 7, 1))


@pytest.mark.parametrize(("use_case", "row"), [(experts, EXPERT), (needs, NEED)])
def test_the_same_file_twice_changes_nothing(store: Store, use_case, row) -> None:
    take(store, use_case.import_rows, row)
    before = len(everything(store, AuditEntry))

    assert take(store, use_case.import_rows, row) == ImportReport(unchanged=1)
    assert len(everything(store, AuditEntry)) == before


@pytest.mark.parametrize(("use_case", "row"), [(experts, EXPERT), (needs, NEED)])
def test_a_dry_run_answers_and_writes_nothing(store: Store, use_case, row) -> None:
    assert take(store, use_case.import_rows, row, dry_run=True) == ImportReport(created=1)
    assert count(store, Expert, Need, Person, Venture, Appointment, AuditEntry, Job)[:5] == [0] * 5
    assert take(store, use_case.import_rows, row) == ImportReport(created=1)


def test_one_faulty_row_leaves_nothing_of_the_file(store: Store) -> None:
    faults = refused(
        store,
        experts.import_rows,
        EXPERT,
        {**EXPERT, "id": "E2", "areas": ["火星"], "category": None, "monthly_limit": "很多"},
        {**EXPERT, "id": "E1"},
    )
    assert faults == [
        (3, "areas", "import.unknown_word"),
        (3, "monthly_limit", "input.not_a_number"),
        (3, "category", "input.required"),
        (4, "id", "import.double_id"),
    ]
    assert count(store, Expert, Person) == [0, 0]


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        ({"appointed_from": "2026-01-01"}, ("appointed_until", "input.required")),
        ({"appointed_until": "2026-01-01"}, ("appointed_from", "input.required")),
        (
            {"appointed_from": "2026-01-02", "appointed_until": "2026-01-01"},
            ("appointed_until", "input.too_early"),
        ),
    ],
)
def test_half_a_term_is_refused(store: Store, term, fault) -> None:
    assert refused(store, experts.import_rows, {**EXPERT, **term}) == [(2, *fault)]


def test_a_blank_cell_keeps_and_the_word_for_empty_clears(store: Store) -> None:
    take(store, experts.import_rows, {**EXPERT, "title": "教授", "expertise": "专利"})

    changes = {"id": "E1", "name": "张敏敏", "title": "", "expertise": "清空", "bio": None}
    assert take(store, experts.import_rows, changes) == ImportReport(updated=1)

    (expert,), (person,) = everything(store, Expert), everything(store, Person)
    assert (expert.name, person.name) == ("张敏敏", "张敏敏")
    assert (expert.title, expert.expertise, expert.bio) == ("教授", [], EXPERT["bio"])


def test_a_new_term_is_added_and_an_overlapping_one_refused(store: Store) -> None:
    take(store, experts.import_rows, EXPERT)
    later = {"id": "E1", "appointed_from": "2029-09-01", "appointed_until": "2032-08-31"}
    across = {"id": "E1", "appointed_from": "2027-09-01", "appointed_until": "2030-08-31"}

    assert refused(store, experts.import_rows, across) == [
        (2, "appointed_from", "expert.already_appointed")
    ]
    assert take(store, experts.import_rows, later) == ImportReport(updated=1)
    assert take(store, experts.import_rows, later) == ImportReport(unchanged=1)
    assert len(everything(store, Appointment)) == 2


def test_a_file_releases_nobody_from_recusal(store: Store) -> None:
    take(store, experts.import_rows, EXPERT)
    take(store, experts.import_rows, {"id": "E1", "organisation_interests": ["另一公司"]})

    organisations = {each.organisation for each in everything(store, DeclaredInterest)}
    assert organisations == {"昉生药业有限公司", "另一公司"}


def test_a_new_need_makes_founder_venture_and_topics(store: Store) -> None:
    assert take(store, needs.import_rows, NEED) == ImportReport(created=1)

    (need,), (person,), (venture,) = (everything(store, each) for each in (Need, Person, Venture))
    assert (need.source_ref, need.person_id, need.venture_id) == ("N1", person.id, venture.id)
    assert (need.status, need.channel) == (NeedStatus.SUBMITTED, Channel.IMPORT)
    assert (need.submitted_at, need.stage, need.street) == (START, "startup", "tangye")
    assert (need.industry, need.modes) == ("modern_agriculture", ["onsite"])
    assert need.reference.startswith("XQ2026-")
    assert (venture.name, venture.entity_type, venture.area) == (
        "禾墒大棚监测",
        "team",
        "east_new_area",
    )
    (member,) = everything(store, VentureMember)
    assert (member.person_id, member.is_contact) == (person.id, True)
    assert [group.code for group in everything(store, FounderGroup)] == ["returning_migrant"]
    topics = everything(store, NeedTopic)
    assert "ip" in {topic.code for topic in topics}
    assert all(topic.evidence in NEED["text"] for topic in topics)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"text": "太短"}, ("text", "need.too_short")),
        ({"session_type": "lecture"}, ("session_type", "import.unknown_word")),
        ({"stage": "很久了"}, ("stage", "import.unknown_word")),
        ({"group": "火星人"}, ("group", "import.unknown_word")),
        (
            {"venture_credit_code": CODE[:-1] + "4"},
            ("venture_credit_code", "venture.credit_code_invalid"),
        ),
        ({"venture_credit_code": CODE}, ("entity_type", "input.required")),
        (
            {"venture_credit_code": CODE, "entity_type": "team"},
            ("venture_credit_code", "venture.team_unregistered"),
        ),
        (
            {"registered_on": "2026-09-17", "entity_type": "公司"},
            ("registered_on", "input.too_late"),
        ),
        ({"venture": None, "entity_type": "公司"}, ("venture", "input.required")),
        ({"founder_name": ""}, ("founder_name", "input.required")),
    ],
)
def test_a_need_with_a_fault_is_refused_at_its_field(store: Store, cells, fault) -> None:
    assert refused(store, needs.import_rows, {**NEED, **cells}) == [(2, *fault)]
    assert count(store, Need, Person, Venture) == [0, 0, 0]


def test_two_founders_of_one_registered_venture_share_it(store: Store) -> None:
    company = {"venture_credit_code": CODE, "entity_type": "公司", "registered_on": "2025-01-02"}
    take(
        store,
        needs.import_rows,
        {**NEED, **company},
        {**NEED, **company, "id": "N2", "founder_name": "王强"},
    )
    take(store, needs.import_rows, {**NEED, **company, "id": "N3", "founder_name": "赵六"})

    (venture,) = everything(store, Venture)
    assert {need.venture_id for need in everything(store, Need)} == {venture.id}
    assert sorted(member.is_contact for member in everything(store, VentureMember)) == [
        False,
        False,
        True,
    ]


def test_a_team_that_registers_keeps_its_need(store: Store) -> None:
    take(store, needs.import_rows, NEED)
    registered = {"id": "N1", "venture_credit_code": CODE, "entity_type": "公司"}

    assert take(store, needs.import_rows, registered) == ImportReport(updated=1)
    (venture,) = everything(store, Venture)
    assert (venture.credit_code, venture.entity_type) == (CODE, "company")


def test_a_registration_told_later_is_seen_by_the_count(store: Store, clock) -> None:
    take(store, needs.import_rows, NEED)
    (need,), road = everything(store, Need), FounderRoad(store, clock)
    road.founder = replace(road.founder, person_id=need.person_id)
    road.confirmed(need_id=need.id)
    before = len(everything(store, ServiceRecord))
    registered = {
        "id": "N1",
        "venture_credit_code": CODE,
        "entity_type": "公司",
        "registered_on": "2025-01-02",
    }

    take(store, needs.import_rows, registered)

    rows = everything(store, ServiceRecord)
    assert len(rows) == before + 1
    assert max(rows, key=lambda row: row.number).cause == "venture.imported"


def test_a_changed_text_is_understood_anew(store: Store) -> None:
    take(store, needs.import_rows, NEED)
    other = "店面租约快到期了，房东要涨房租，想问问孵化器怎么申请入驻，场地有没有补贴。"

    assert take(store, needs.import_rows, {**NEED, "text": other}) == ImportReport(updated=1)
    codes = {topic.code for topic in everything(store, NeedTopic)}
    assert "premises" in codes
    assert "ip" not in codes


def test_a_corrected_founder_and_a_second_group_are_taken(store: Store) -> None:
    take(store, needs.import_rows, NEED)
    corrected = {"id": "N1", "founder_name": "李小", "phone": "13800000001", "group": "退役军人"}

    assert take(store, needs.import_rows, corrected) == ImportReport(updated=1)
    (person,) = everything(store, Person)
    assert (person.name, person.phone) == ("李小", "13800000001")
    codes = {group.code for group in everything(store, FounderGroup)}
    assert codes == {"returning_migrant", "veteran"}


def test_the_dates_of_a_known_term_are_corrected(store: Store) -> None:
    term = {"appointed_from": "2024-07-01", "appointed_until": "2027-06-30"}
    take(store, experts.import_rows, {**EXPERT, **term})
    longer = {"id": "E1", **term, "appointed_until": "2027-12-31"}

    assert take(store, experts.import_rows, longer) == ImportReport(updated=1)
    assert take(store, experts.import_rows, longer) == ImportReport(unchanged=1)
    (held,) = everything(store, Appointment)
    assert (held.ends_on, held.document) == (date(2027, 12, 31), "导入")


def test_a_booked_need_is_not_changed_by_a_file(store: Store) -> None:
    take(store, needs.import_rows, NEED)

    def book(uow: UnitOfWork) -> None:
        need = uow.one(select(Need))
        assert need is not None
        need.status = NeedStatus.BOOKED

    store.execute(SYSTEM, book)
    assert take(store, needs.import_rows, NEED) == ImportReport(unchanged=1)
    assert refused(store, needs.import_rows, {**NEED, "stage": "idea"}) == [
        (2, "stage", "need.in_service")
    ]


@pytest.mark.parametrize("use_case", [experts.import_rows, needs.import_rows])
def test_only_the_bureau_imports(store: Store, use_case) -> None:
    clerk = staff(store, Role.STREET_LIAISON, street="tangye")
    with pytest.raises(ForbiddenError):
        store.execute(clerk, use_case, rows(EXPERT))


@pytest.mark.parametrize(
    ("form", "use_case", "name", "size"),
    [(EXPERTS, experts, "experts", 80), (NEEDS, needs, "needs", 40)],
)
def test_the_test_collection_is_taken_whole(store: Store, form, use_case, name, size) -> None:
    path = COLLECTION / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"no test collection at {COLLECTION}; name its folder in JIEBAN_COLLECTION")
    read = read_rows(path.name, path.read_bytes(), form.by_name)
    report = store.execute(SYSTEM, use_case.import_rows, read)
    assert report == ImportReport(created=size)
    assert store.execute(SYSTEM, use_case.import_rows, read) == ImportReport(unchanged=size)


@pytest.mark.parametrize(
    ("form", "use_case", "name"), [(EXPERTS, experts, "experts"), (NEEDS, needs, "needs")]
)
def test_the_demo_files_are_taken_whole(store: Store, form, use_case, name) -> None:
    content = (ROOT / "seeds" / "demo" / f"{name}.jsonl").read_bytes()
    read = read_rows(f"{name}.jsonl", content, form.by_name)
    assert store.execute(SYSTEM, use_case.import_rows, read).created == len(read)
    stated = [json.loads(line)["id"] for line in content.decode().splitlines()]
    model = Expert if name == "experts" else Need
    assert sorted(row.source_ref for row in everything(store, model)) == sorted(stated)
