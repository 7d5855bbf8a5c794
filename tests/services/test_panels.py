"""Panels formed from the pool of the day, and the one that an officer keeps."""

import json

import pytest
from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.need import NeedClosedError, NeedStatus
from app.domain.panel import (
    ChosenMeanwhileError,
    NoPanelError,
    NotForPanelError,
    PanelChangedError,
    PanelEndedError,
    PanelList,
    PanelWish,
)
from app.models.audit_entry import AuditEntry
from app.models.expert import DeclaredInterest, Expert
from app.models.need import Need
from app.models.panel import Panel, PanelExpert
from app.queries.panels import chosen_panel, panel_page
from app.services import panels
from tests.builders import a_founder, a_mentor, keep, staff
from tests.founder_road import statements
from tests.moments import at
from tests.panelling import MONDAY, TEXT, TUESDAY, Round, named
from tests.scenes import Plays

BEST, SOON = PanelList.BEST, PanelList.SOON
THREE = {"商一", "保二", "投三"}


def a_table(store, _clock) -> Round:
    return Round(store, a_founder(store), staff(store, name="郭铭"))


@pytest.fixture
def plays() -> Plays:
    return {"table": a_table}


@pytest.fixture
def table(scene: Round) -> Round:
    return scene


def rows(table, model):
    with table.store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def actions(table):
    entries = [each for each in rows(table, AuditEntry) if each.action.startswith("panel.")]
    return sorted(each.action for each in entries)


def change(table, model, key, **values):
    def use_case(uow):
        row = uow.load(model, key)
        for name, value in values.items():
            setattr(row, name, value)

    table.store.execute(SYSTEM, use_case)


def test_the_best_panel_covers_what_is_asked_and_has_a_time(table) -> None:
    best, *others = table.under(BEST)
    assert named(best) == THREE
    covered = {facet.words: facet.expert_ids for facet in best.facets}
    assert all(words in TEXT for words in covered)
    by_name = {member.name: member.id for member in best.members}
    assert by_name["保二"] in covered["员工的社会保险怎么缴纳"]
    assert best.meeting is not None
    assert best.meeting.starts_at > at("09-16 10:00")
    for member in best.members:
        assert member.document["reasons"]
    # Each alternative does without one of the best panel.
    assert others
    assert all(named(each) != named(best) for each in others)


def test_the_wish_settles_size_and_categories(table) -> None:
    assert all(len(each.members) == 2 for each in table.formed(PanelWish(2)))
    assert all(len(each.members) == 4 for each in table.formed(PanelWish(4)))
    with_owner = PanelWish(3, {ExpertCategory.ENTREPRENEUR: 1})
    assert all("店四" in named(each) for each in table.formed(with_owner))
    without = PanelWish(3, {}, {ExpertCategory.INVESTOR: 0})
    assert all("投三" not in named(each) for each in table.formed(without))


def test_soon_holds_only_those_who_can_meet_within_five_working_days(store) -> None:
    hours = {"商一": {"days": {MONDAY: (9, 12)}}, "保二": {"days": {TUESDAY: (9, 12)}}}
    table = Round(store, a_founder(store), staff(store), **hours)
    best = table.under(BEST)[0]
    assert named(best) == THREE
    assert best.meeting is None
    soon = table.under(SOON)
    assert soon
    for option in soon:
        assert not {"商一", "保二"} <= named(option)
        assert option.meeting is not None
        assert option.meeting.starts_at < at("09-24 00:00")


def test_nobody_is_a_member_whom_a_rule_keeps_out(table) -> None:
    tie = DeclaredInterest(
        expert_id=table.experts["投三"].id,
        conflict_type="ci4_equity",
        organisation="",
        person_id=table.founder.person_id,
    )
    keep(table.store, tie)
    change(table, Expert, table.experts["店四"].id, is_paused=True)
    table.expert("投三", name="投五")
    for option in table.formed():
        assert named(option) == {"商一", "保二", "投五"}
    with pytest.raises(NoPanelError) as refused:
        table.formed(PanelWish(4))
    assert refused.value.facts["size"] == 4


def test_a_panel_in_which_nobody_covers_anything_is_not_proposed(table) -> None:
    nobody = PanelWish(
        2, {}, {each: 0 for each in ExpertCategory if each is not ExpertCategory.ENTREPRENEUR}
    )
    table.expert("店四", name="店五", bio="卖水果。", expertise=["水果"])
    assert table.formed(nobody) == []


def test_what_is_no_matter_for_a_panel_says_so(table) -> None:
    single = table.a_need(session_type="consultation")
    with pytest.raises(NotForPanelError):
        table.formed(need=single)
    closed = table.a_need(status=NeedStatus.WITHDRAWN)
    with pytest.raises(NeedClosedError):
        table.formed(need=closed)
    with pytest.raises(InvalidInputError):
        table.formed(PanelWish(6))


def test_choosing_keeps_who_covers_what_and_who_chose(table) -> None:
    option = table.under(BEST)[0]
    panel = table.choose(*THREE)
    assert (panel.need_id, panel.need_version) == (table.need.id, table.need.version)
    assert panel.chosen_at == at("09-16 10:00")
    members = sorted(rows(table, PanelExpert), key=lambda each: each.position)
    assert [each.expert_id for each in members] == [each.id for each in option.members]
    assert members[0].reasons == option.members[0].document["reasons"]
    (entry,) = [each for each in rows(table, AuditEntry) if each.action == "panel.chosen"]
    facts = json.loads(entry.body)["facts"]
    assert facts["experts"] == [str(each.id) for each in option.members]
    with table.store.read(table.officer) as reader:
        chosen = chosen_panel(reader, table.need.id)
    assert chosen is not None
    assert (chosen.chosen_by, chosen.lead.id) == ("郭铭", option.members[0].id)
    assert [facet.words for facet in chosen.facets] == [facet.words for facet in option.facets]


def test_the_same_panel_chosen_again_changes_nothing(table) -> None:
    first = table.choose(*THREE)
    again = table.choose(*THREE, actor=staff(table.store))
    assert again.id == first.id
    assert actions(table) == ["panel.chosen"]
    assert len(rows(table, Panel)) == 1


def test_another_choice_takes_the_place_of_the_first(table) -> None:
    first = table.choose(*THREE)
    wish = PanelWish(3, {ExpertCategory.ENTREPRENEUR: 1})
    names = named(table.under(BEST, wish)[0])
    second = table.choose(*names, wish=wish)
    ended = {each.id: each.ended_at for each in rows(table, Panel)}
    assert ended == {first.id: at("09-16 10:00"), second.id: None}
    assert actions(table) == ["panel.chosen", "panel.chosen", "panel.replaced"]
    with table.store.read(table.officer) as reader:
        assert chosen_panel(reader, table.need.id).id == second.id


def test_a_panel_is_withdrawn_once(table) -> None:
    panel = table.choose(*THREE)
    table.store.execute(table.officer, panels.withdraw, panel.id)
    with pytest.raises(PanelEndedError):
        table.store.execute(table.officer, panels.withdraw, panel.id)
    assert actions(table) == ["panel.chosen", "panel.withdrawn"]
    with table.store.read(table.officer) as reader:
        page = panel_page(reader, table.need.id)
    assert page.chosen is None
    assert page.may_form


def test_a_panel_that_a_rule_has_broken_meanwhile_is_refused(table) -> None:
    change(table, Expert, table.experts["保二"].id, is_paused=True)
    with pytest.raises(PanelChangedError):
        table.choose(*THREE)
    assert rows(table, Panel) == []
    assert actions(table) == []


def test_a_need_that_has_changed_meanwhile_is_looked_at_anew(table) -> None:
    seen = table.need.version
    change(table, Need, table.need.id, text=TEXT + "还想贷款。")
    with pytest.raises(StaleVersionError):
        table.choose(*THREE, version=seen)
    assert rows(table, Panel) == []


def test_the_database_keeps_one_panel_a_need(table) -> None:
    table.choose(*THREE)

    def another(uow):
        kept = uow.one(select(Panel))
        uow.add(
            Panel(
                need_id=kept.need_id,
                need_version=1,
                matcher_version="m",
                wish={},
                facets=[],
                coverage=1.0,
                chosen_by_id=kept.chosen_by_id,
                chosen_at=uow.now,
            )
        )

    with pytest.raises(ChosenMeanwhileError):
        table.store.execute(SYSTEM, another)


def test_only_the_bureau_forms_and_sees_panels(table) -> None:
    panel = table.choose(*THREE)
    mentor = a_mentor(table.store, table.experts["商一"])
    clerk = staff(table.store, Role.STREET_LIAISON, street="tangye")
    auditor = staff(table.store, Role.AUDITOR)
    for actor in (table.founder, clerk, auditor):
        with pytest.raises(ForbiddenError):
            table.choose(*THREE, actor=actor)
    for actor in (table.founder, mentor, clerk):
        with pytest.raises(NotFoundError):
            table.store.execute(actor, panels.withdraw, panel.id)
    for actor in (table.founder, clerk):
        with table.store.read(actor) as reader:
            assert chosen_panel(reader, table.need.id) is None
    with table.store.read(auditor) as reader:
        assert chosen_panel(reader, table.need.id).id == panel.id


def test_forming_costs_a_fixed_number_of_statements(table) -> None:
    with statements(table.store) as few:
        table.formed()
    for number in range(5):
        table.expert("店四", name=f"店{number}")
    with statements(table.store) as many:
        table.formed()
    assert len(few) == len(many)
