"""Since when a venture is registered, read from the trail and held against what was counted."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.clock import FixedClock
from app.domain.venture import EntityType
from app.models.person import Venture
from app.queries.evidence_bundles import pack
from app.services import venture_registrations, ventures
from app.services.venture_registrations import Registered
from app.services.ventures import VentureInput
from app.unit_of_work import Store
from tests.bundles import ENTRIES, SIGNER, changed, exported, read, seal, verdict, verifier
from tests.journeys.district import District, Founder
from tests.journeys.test_closed_month import SEPTEMBER
from tests.scenes import Plays
from tests.turns import on_each

CODE = "91350100M000100Y43"
OTHER = "92370112MA3ABCDE1T"


def met(store: Store, clock: FixedClock) -> tuple[District, Founder]:
    """A founder who has registered his firm himself, advised once."""
    district = District(store, clock)
    plain = district.founder("王强")
    given = VentureInput(
        name="禾墒科技",
        entity_type=EntityType.COMPANY,
        credit_code=CODE,
        registered_on=date(2025, 1, 2),
        area="east_new_area",
        street="tangye",
    )
    made = store.execute(plain.actor, ventures.register, given, plain.person_id)
    founder = Founder(plain.actor, made, plain.person)
    district.served(district.mentor("高源"), founder, "09-17 14:00", 60)
    return district, founder


@pytest.fixture
def plays() -> Plays:
    return {"scene": met}


def closed(district: District) -> dict[str, bytes]:
    district.close(SEPTEMBER, "10-13 09:00")
    seal(district.store)
    return exported(district.store)


def notes(files: dict[str, bytes]) -> list[str]:
    _, told = verifier.verify(io.BytesIO(pack(files)), SIGNER.key_id, None)
    return [code for code, _ in told]


def edited(files: dict[str, bytes], table: str, change: Callable[[Any], None]) -> dict[str, bytes]:
    def edit(entries: list[Any]) -> None:
        for entry in entries:
            body = json.loads(entry.get("body", "{}"))
            if body.get("entity") == table:
                change(body)
                entry["body"] = verifier.canonical(body)

    return changed(files, ENTRIES, edit)


@on_each
def test_the_day_a_founder_gave_is_in_the_trail_and_another_is_named(scene) -> None:
    district, _ = scene
    files = closed(district)
    assert verdict(files) == []
    assert "days_alone" not in notes(files)
    figures = {row["measure"]: row["value"] for row in read(files, "figures.json")}
    assert (figures["enterprises"], figures["teams"]) == (1, 0)

    def later(body: Any) -> None:
        if body["action"] == "venture.registered":
            body["facts"]["registered_on"] = "2026-12-01"

    named = verdict(edited(files, "ventures", later))
    assert any(
        "venture.registered_on was counted as 2025-01-02, the sealed row" in n for n in named
    )


def test_the_newest_day_an_officer_noted_by_the_cut_holds(scene) -> None:
    district, founder = scene
    note = venture_registrations.note
    for day in (date(2026, 9, 16), date(2024, 5, 6)):
        shown = Registered(EntityType.COMPANY, CODE, day, f"营业执照 {day}")
        district.store.execute(district.officer, note, founder.venture.id, shown)
    files = closed(district)
    assert verdict(files) == []
    record = max(read(files, "records.json"), key=lambda row: row["number"])
    assert record["inputs"]["venture"]["registered_on"] == "2024-05-06"

    shown = Registered(EntityType.COMPANY, CODE, date(2026, 9, 30), "更正的营业执照")
    district.store.execute(district.officer, note, founder.venture.id, shown)
    seal(district.store)
    assert verdict(exported(district.store)) == []

    def first(body: Any) -> None:
        if body["row"]["registered_on"] == "2024-05-06":
            body["row"]["registered_on"] = "2026-09-16"

    named = verdict(edited(files, "venture_registrations", first))
    assert any("the sealed row says 2026-09-16" in n for n in named)


def test_of_a_venture_from_before_the_trail_told_of_it_that_is_said(scene) -> None:
    district, _ = scene
    old = district.founder("赵敏", name="老店", registered_on=date(2020, 1, 1))
    district.served(district.mentor("林会计"), old, "09-18 14:00", 60)
    assert district.one(Venture, Venture.id == old.venture.id).registered_on
    files = closed(district)
    assert verdict(files) == []
    assert notes(files).count("days_alone") == 1
