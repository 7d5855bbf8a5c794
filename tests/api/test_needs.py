import pytest

from app.domain.actor import Role
from app.models.need import Need
from app.models.proposal import MatchRound
from tests.api.asking import faults
from tests.api.conftest import As, sqlite_only
from tests.builders import a_founder, a_person, a_venture, an_expert, staff
from tests.founder_road import FounderRoad

WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"
BODY = {"text": WORDS, "session_type": "consultation"}


def test_a_need_is_understood_and_matched_at_once(road: FounderRoad, as_: As) -> None:
    founder = as_(road.founder)
    answer = founder.post("/needs", {**BODY, "stage": "preparing", "modes": ["online"]})

    assert answer.status_code == 201
    need = answer.json
    assert answer.headers["Location"] == f"/api/v1/needs/{need['id']}"
    assert answer.headers["ETag"] == f'"{need["version"]}"'
    assert (need["status"], need["channel"], need["modes"]) == ("submitted", "api", ["online"])
    topic = need["topics"][0]
    assert topic["code"] == "registration"
    assert topic["evidence"] in WORDS
    assert topic["label"] != topic["code"]
    assert founder.get(f"/needs/{need['id']}").json == need

    proposed = founder.get(f"/needs/{need['id']}/proposals").json
    (first,) = proposed["items"]
    assert first["expert"]["id"] == str(road.expert.id)
    assert len(first["first_free"]) == 3
    assert proposed["matcher_version"]


def test_parts_sum_to_the_score_and_reasons_quote_the_founder(road: FounderRoad, as_: As) -> None:
    for name, expertise in (("王芳", "营业执照办理"), ("赵强", "税务登记"), ("孙丽", "品牌设计")):
        an_expert(road.store, name=name, expertise=[expertise])
    founder = as_(road.founder)
    need = founder.post("/needs", BODY).json
    items = founder.get(f"/needs/{need['id']}/proposals").json["items"]
    assert [item["rank"] for item in items] == [1, 2, 3, 4]
    for item in items:
        assert sum(part["value"] for part in item["parts"]) == item["score"]
        assert all(reason["evidence"] in WORDS for reason in item["reasons"])
    assert len(founder.get(f"/needs/{need['id']}/proposals", limit=2).json["items"]) == 2


def test_whom_a_rule_kept_out_is_for_the_bureau_alone(road: FounderRoad, as_: As) -> None:
    paused = an_expert(road.store, name="停一停", is_paused=True)
    path = f"/needs/{as_(road.founder).post('/needs', BODY).json['id']}/proposals"
    assert "excluded" not in as_(road.founder).get(path).json
    officer = as_(staff(road.store, Role.OFFICER)).get(path).json
    assert [(each["expert_id"], each["rule"]) for each in officer["excluded"]] == [
        (str(paused.id), "mentor_paused")
    ]
    clerk = staff(road.store, Role.STREET_LIAISON, street="tangye")
    assert as_(clerk).get(path).status_code == 404


def test_a_need_that_was_never_matched_is_matched_by_posting(road: FounderRoad, as_: As) -> None:
    path = f"/needs/{road.need.id}/proposals"
    founder = as_(road.founder)
    assert founder.get(path).json["items"] == []
    made = founder.post(path).json
    assert [item["rank"] for item in made["items"]] == [1]
    assert founder.get(path).json == made
    assert founder.post(path, {}).json == made
    assert len(road.rows(MatchRound)) == 1


def test_somebody_at_a_desk_writes_for_a_founder(road: FounderRoad, as_: As) -> None:
    officer = as_(staff(road.store, Role.OFFICER))
    assert faults(officer.post("/needs", BODY)) == {"person_id": "input.required"}
    person_id = str(road.founder.person_id)
    need = officer.post("/needs", {**BODY, "person_id": person_id}).json
    assert need["person_id"] == person_id
    assert as_(road.founder).get(f"/needs/{need['id']}").status_code == 200

    stranger = a_founder(road.store)
    other = as_(stranger).post("/needs", {**BODY, "person_id": person_id})
    assert (other.status_code, other.json["code"]) == (404, "person.not_found")


def test_a_venture_is_ones_own_or_unknown(road: FounderRoad, as_: As) -> None:
    own = a_venture(road.store, road.need.person_id)
    other = a_venture(road.store, a_person(road.store).id)
    founder = as_(road.founder)
    assert founder.post("/needs", {**BODY, "venture_id": str(own.id)}).json["venture_id"] == str(
        own.id
    )
    assert founder.post("/needs", {**BODY, "venture_id": str(other.id)}).status_code == 404


def test_topics_put_in_stand_first_and_labels_follow_the_language(
    road: FounderRoad, as_: As
) -> None:
    founder = as_(road.founder)
    english = {"Accept-Language": "en"}
    need = founder.post("/needs", {**BODY, "topics": ["ip"]}, headers=english).json
    assert need["topics"][0]["code"] == "ip"
    chinese = founder.get(f"/needs/{need['id']}").json
    assert need["topics"][0]["label"] != chinese["topics"][0]["label"]
    assert need["topics"][0]["label"].isascii()


@sqlite_only
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"text": "太短"}, {"text": "need.too_short"}),
        ({"text": "长" * 2001}, {"text": "input.too_long"}),
        ({"text": "看不见\x07的字符看不见的字符"}, {"text": "input.control_character"}),
        ({"session_type": "review"}, {"session_type": "input.unknown_code"}),
        (
            {"stage": "nowhere", "area": "moon"},
            {"stage": "input.unknown_code", "area": "input.unknown_code"},
        ),
        ({"modes": ["telepathy"]}, {"modes[0]": "input.unknown_code"}),
        ({"topics": ["nothing"]}, {"topics": "input.unknown_code"}),
        ({"topics": ["ip"] * 4}, {"topics": "input.too_many"}),
        ({"venture_id": "1"}, {"venture_id": "input.not_an_id"}),
        ({"status": "served"}, {"status": "input.unknown_field"}),
    ],
)
def test_each_fault_is_named_at_its_field(
    road: FounderRoad, as_: As, values: dict[str, object], expected: dict[str, str]
) -> None:
    before = len(road.rows(Need))
    answer = as_(road.founder).post("/needs", {**BODY, **values})
    assert (answer.status_code, faults(answer)) == (422, expected)
    assert len(road.rows(Need)) == before


def test_it_is_answered_why_any_one_expert_stands_where_he_stands(
    road: FounderRoad, as_: As
) -> None:
    paused = an_expert(road.store, name="停一停", is_paused=True)
    path = f"/needs/{road.need.id}/proposals"
    founder = as_(road.founder)
    found = founder.get(f"{path}/{road.expert.id}").json
    listed = founder.post(path).json["items"][0]
    assert (found["rank"], found["total"], found["is_listed"]) == (1, 1, True)
    for name in ("score", "parts", "reasons", "cautions"):
        assert found[name] == listed[name]
    assert (found["exclusions"], found["changes"]) == ([], [])

    found = founder.get(f"{path}/{paused.id}").json
    assert (found["rank"], found["rank_without_rules"], found["is_listed"]) == (None, 1, False)
    assert found["exclusions"] == [{"rule": "mentor_paused", "text": "这位导师暂停服务"}]
    assert found["changes"] == [{"code": "pause_ended", "text": "这位导师恢复接待以后", "rank": 1}]
    assert as_(staff(road.store)).get(f"{path}/{paused.id}").json == found


def test_who_may_not_know_of_the_need_or_the_expert_is_told_of_neither(
    road: FounderRoad, as_: As
) -> None:
    gone = an_expert(road.store, name="离任", term=None)
    path = f"/needs/{road.need.id}/proposals"
    assert as_(road.founder).get(f"{path}/{gone.id}").status_code == 404
    assert (
        as_(a_founder(road.store, name="王强")).get(f"{path}/{road.expert.id}").status_code == 404
    )
    assert as_(road.mentor).get(f"{path}/{road.expert.id}").status_code == 403
    found = as_(staff(road.store)).get(f"{path}/{gone.id}").json
    assert [each["rule"] for each in found["exclusions"]] == ["mentor_out_of_term"]


def test_the_language_to_talk_in_can_be_stated(road: FounderRoad, as_: As) -> None:
    founder = as_(road.founder)
    need = founder.post("/needs", {**BODY, "language": "en"}).json
    assert need["language"] == "en"
    assert founder.get(f"/needs/{need['id']}/proposals").json["items"] == []
    refused = founder.post("/needs", {**BODY, "language": "klingon"})
    assert faults(refused) == {"language": "input.unknown_code"}
