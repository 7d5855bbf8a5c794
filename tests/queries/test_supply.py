from datetime import UTC, datetime
from typing import Any

from app.domain.need import NeedStatus
from app.models.need import Need
from app.models.proposal import MatchRound
from app.queries import bureau_desk
from app.queries.bureau_desk import SupplyPart
from tests.builders import a_need, keep, staff
from tests.founder_road import plays, road, statements
from tests.moments import at

__all__ = ["plays", "road"]

MOST_STATEMENTS = 8


def matter(topic: str, concept: str, label: str) -> dict[str, Any]:
    return {
        "topic": topic,
        "concept": concept,
        "label": label,
        "label_en": label,
        "evidence": "",
        "categories": ["official", "scholar"],
    }


FOOD = matter("permits", "food_permit", "食品生产加工许可")
DUST = matter("permits", "dust_permit", "环评排污")


def a_lack(*missing: dict[str, Any], **kept_out: int) -> dict[str, Any]:
    return {
        "best_score": 0.2,
        "least_score": 0.39,
        "missing": list(missing),
        "kept_out": kept_out,
    }


def lacking(road, lack: dict[str, Any] | None, when: str = "09-10 09:00", **values: Any) -> Need:
    need = a_need(road.store, road.founder.person_id, **{"submitted_at": at(when), **values})
    a_round(road, need, 1, lack)
    return need


def a_round(road, need, number: int, lack: dict[str, Any] | None) -> None:
    made = MatchRound(
        need_id=need.id,
        number=number,
        matcher_version="m1",
        created_at=at("09-10 09:00"),
        excluded=[],
        lack=lack,
    )
    keep(road.store, made)


def look(road, query, *args, **values):
    with road.store.read(staff(road.store)) as reader, statements(road.store) as sent:
        found = query(reader, *args, **values)
    assert len(sent) <= MOST_STATEMENTS, sent
    return found


def report(road, year: int = 2026):
    return look(road, bureau_desk.supply_report, year)


def counts(group) -> tuple[int, int, int]:
    return tuple(group.count(part) for part in (SupplyPart.OPEN, SupplyPart.PAST, SupplyPart.FULL))


def test_needs_are_grouped_by_what_was_missing_the_greatest_gap_first(road) -> None:
    lacking(road, a_lack(DUST))
    lacking(road, a_lack(FOOD), "09-01 09:00")
    lacking(road, a_lack(FOOD, DUST, capacity_reached=1), "09-14 09:00")
    lacking(road, a_lack(FOOD), status=NeedStatus.WITHDRAWN)
    lacking(road, None)

    page = report(road)

    assert [(g.label.zh, g.topic, counts(g), g.longest_days) for g in page.groups] == [
        ("食品生产加工许可", "permits", (2, 1, 1), 15),
        ("环评排污", "permits", (2, 0, 1), 6),
    ]
    assert counts(page) == (3, 1, 1)
    assert page.groups[0].categories == ("official", "scholar")


def test_a_need_that_was_matched_later_is_no_gap_any_more(road) -> None:
    need = lacking(road, a_lack(FOOD))
    assert len(report(road).groups) == 1
    a_round(road, need, 2, None)
    assert report(road).groups == ()


def test_a_need_of_which_nothing_was_understood_has_a_line_of_its_own(road) -> None:
    lacking(road, a_lack())
    (group,) = report(road).groups
    assert (group.topic, group.label.zh, counts(group)) == ("", "", (1, 0, 0))
    rows = look(road, bureau_desk.supply_rows, 2026, SupplyPart.OPEN, ("", ""))
    assert rows.count == 1


def test_a_year_holds_the_needs_sent_in_it_by_the_districts_days(road) -> None:
    last_night = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    lacking(road, a_lack(FOOD), submitted_at=last_night)
    lacking(road, a_lack(DUST), submitted_at=datetime(2025, 12, 31, 16, 0, tzinfo=UTC))
    page = report(road)
    assert page.years == (2026, 2025)
    assert [group.label.zh for group in page.groups] == ["环评排污"]
    assert [group.label.zh for group in report(road, 2025).groups] == ["食品生产加工许可"]


def test_every_number_opens_its_rows(road) -> None:
    first = lacking(road, a_lack(FOOD, mentor_paused=2), "09-01 09:00")
    second = lacking(road, a_lack(FOOD, DUST, capacity_reached=1), "09-14 09:00")
    past = lacking(road, a_lack(FOOD), status=NeedStatus.CLOSED)
    page = report(road)
    for group in page.groups:
        for part in SupplyPart:
            key = group.topic, group.concept
            rows = look(road, bureau_desk.supply_rows, 2026, part, key)
            assert rows.count == group.count(part)
            assert len(rows.items) == rows.count
    whole = look(road, bureau_desk.supply_rows, 2026)
    assert [need.id for need in whole.items] == [first.id, past.id, second.id]
    assert [(need.days, need.is_left_over) for need in whole.items] == [
        (15, False),
        (None, False),
        (2, True),
    ]


def test_rows_come_page_by_page(road) -> None:
    made = [lacking(road, a_lack(FOOD), f"09-{day:02} 09:00").id for day in range(1, 16)]
    made += [lacking(road, a_lack(FOOD), f"08-{day:02} 09:00").id for day in range(1, 9)]
    first = look(road, bureau_desk.supply_rows, 2026)
    assert (first.count, len(first.items)) == (23, 20)
    rest = look(road, bureau_desk.supply_rows, 2026, after=first.next)
    assert len(rest.items) == 3
    assert rest.next is None
    assert {need.id for need in (*first.items, *rest.items)} == set(made)


def test_a_line_that_is_not_there_has_no_rows(road) -> None:
    lacking(road, a_lack(FOOD))
    rows = look(road, bureau_desk.supply_rows, 2026, SupplyPart.ALL, ("permits", "unheard_of"))
    assert (rows.group, rows.count, rows.items) == (None, 0, ())
