from datetime import date
from typing import Any

import pytest

from matching import (
    Candidate,
    Caution,
    ExpertProfile,
    Interest,
    Load,
    Matcher,
    NeedProfile,
    Reason,
    Weights,
)
from matching.explain import wording
from matching.scorer import PART_CODES
from tests.unit.matching.profiles import a_bare_expert, a_need, an_expert, collection

TODAY = date(2026, 9, 1)


def explained(need: NeedProfile, expert: ExpertProfile) -> Candidate:
    others = [each for each in collection().experts if each.expert_id != expert.expert_id]
    matcher = Matcher().fit([*others, expert])
    found = matcher.propose(need, k=20, today=TODAY).candidates
    return next(each for each in found if each.expert_id == expert.expert_id)


def reason(need: NeedProfile, expert: ExpertProfile, code: str) -> Reason:
    return next(each for each in explained(need, expert).reasons if each.code == code)


def reason_codes(need: NeedProfile, expert: ExpertProfile) -> list[str]:
    return [each.code for each in explained(need, expert).reasons]


def caution(need: NeedProfile, expert: ExpertProfile) -> Caution:
    return explained(need, expert).cautions[0]


def test_a_matter_in_common_joins_the_founders_words_with_the_profiles() -> None:
    found = reason(a_need("我要办执照开面馆"), an_expert(), "topic")
    assert found.evidence == "我要办执照开面馆"
    facts = dict(found.facts)
    assert facts["topic"] == "registration"
    assert facts["concept"]
    field = wording.FIELDS[facts["field"]]
    assert found.text == f"您写到“我要办执照开面馆”，这位导师的{field}有“{facts['matched']}”"


def test_two_matters_and_two_settled_topics_are_reasons_enough() -> None:
    need = a_need("想注册商标。想找投资人做股权融资。", topics=("ip", "capital"))
    bio = "主持商标注册与专利布局诊断。长期从事早期股权投资，熟悉估值与投资协议。"
    codes = reason_codes(need, an_expert("E1", bio=bio, topics=("ip", "capital")))
    assert codes == ["topic", "topic", "topic_settled", "topic_settled_declared"]


def test_words_that_do_not_meet_are_joined_by_their_matter() -> None:
    official = an_expert(bio="解读创业担保贷款贴息政策", expertise=("创业担保贷款",))
    found = reason(a_need("利钱能不能不用自己全掏，公家帮着借点钱"), official, "topic")
    assert dict(found.facts)["topic"] == "guaranteed_loan"


def test_a_settled_topic_needs_no_words_of_the_founder() -> None:
    found = reason(a_need("请帮帮我", topics=("registration",)), an_expert(), "topic_settled")
    assert found.evidence == ""


def test_a_declared_topic_is_a_reason_with_or_without_the_founders_words() -> None:
    expert = ExpertProfile("E1", "scholar", topics=("agritech",))
    assert reason(a_need("大棚病虫害治不住"), expert, "topic_declared").evidence
    settled = a_need("请帮帮我", topics=("agritech",))
    assert reason_codes(settled, expert)[0] == "topic_settled_declared"


def test_shared_words_are_a_reason_with_the_exact_words_of_both() -> None:
    expert = an_expert(bio="研究声学检测与管网漏点定位")
    found = reason(a_need("我们做管网漏点定位的小设备"), expert, "words")
    assert found.evidence == "管网漏点定位"
    assert dict(found.facts)["matched"] == "研究声学检测与管网漏点定位"


def test_shared_words_keep_the_founders_own_spelling() -> None:
    expert = an_expert(bio="熟悉qwzx7仓")
    assert reason(a_need("想用ＱＷＺＸ７的"), expert, "words").evidence == "ＱＷＺＸ７"


def test_a_word_within_another_and_a_stop_word_are_not_shared() -> None:
    expert = an_expert(bio="the art of war", title="", organisation="", expertise=())
    assert "words" not in reason_codes(a_need("the party of mine"), expert)


def test_words_of_many_profiles_are_not_told() -> None:
    common = [an_expert(f"C{at}", bio="服务园区企业") for at in range(9)]
    matcher = Matcher().fit(common)
    codes = {each.code for each in matcher.rank(a_need("我的企业"))[0].reasons}
    assert "words" not in codes


@pytest.mark.parametrize("text", ["做了二十年", "还有三个月", "这是我的"])
def test_numbers_times_and_particles_are_no_shared_words(text: str) -> None:
    expert = an_expert(bio="指导团队二十年，每三个月一次，这是我的")
    assert "words" not in reason_codes(a_need(text), expert)


def test_reasons_do_not_repeat_the_same_words() -> None:
    expert = an_expert(bio="办理商标注册和商标注册变更")
    found = explained(a_need("想做商标注册"), expert).reasons
    evidences = [each.evidence for each in found if each.evidence]
    assert evidences == ["想做商标注册"]


@pytest.mark.parametrize(
    ("need", "expert", "code"),
    [
        ({"industry": "餐饮"}, {"industries": ("餐饮业",)}, "industry"),
        ({"stage": "idea"}, {"stages": ("idea",)}, "stage"),
        ({"topics": ("registration",)}, {"category": "official"}, "category"),
        ({"area": "临港产业区"}, {"areas": ("临港产业区",)}, "area"),
        ({"modes": ("phone", "video")}, {"modes": ("phone",)}, "mode"),
    ],
)
def test_facts_that_fit_are_reasons(
    need: dict[str, Any], expert: dict[str, Any], code: str
) -> None:
    bare = {"category": "scholar", **expert}
    assert code in reason_codes(a_need("求助", **need), ExpertProfile("E1", **bare))


def test_an_industry_that_is_only_of_the_branch_is_no_reason() -> None:
    codes = reason_codes(a_need("求助", industry="家政服务"), an_expert(industries=("旅游业",)))
    assert "industry" not in codes


def test_where_nothing_fits_the_standing_and_the_trade_are_told() -> None:
    matcher = Matcher().fit([a_bare_expert("E1"), a_bare_expert("E2")])
    first, second = matcher.rank(a_need("您好"))
    assert [each.text for each in second.reasons] == [
        "综合各项，这位导师在2位导师中排第2位",
        "这位导师是专家学者，可以从这个角度给您看法",
    ]
    assert first.expert_id == "E1"


def test_one_reason_that_fits_is_joined_by_one_last_resort() -> None:
    expert = ExpertProfile("E1", "scholar", stages=("idea",))
    assert reason_codes(a_need("您好", stage="idea"), expert) == ["stage", "overall"]


NEED = {"modes": ("phone",), "area": "临港产业区", "industry": "餐饮业", "stage": "idea"}
FITTING = {"modes": ("phone",), "areas": ("临港产业区",), "stages": ("idea",)}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"interests": (Interest("青桥", kind="ci1_employment"),)}, "interest_declared"),
        ({"capacity": 5, "open_load": 3}, "few_places_left"),
        ({"capacity": 5, "loads": (Load("week", 2, 3),)}, "few_places_left"),
        ({"term_until_on": date(2026, 9, 30)}, "term_ending"),
        ({"bio": "种菜", "expertise": (), "title": ""}, "topic_not_covered"),
        ({"stages": ("mature",)}, "stage_mismatch"),
        ({"areas": ("都市主城区",)}, "area_mismatch"),
        ({"industries": ("半导体",)}, "industry_not_covered"),
        ({"capacity": 5, "open_load": 1, "term_until_on": date(2027, 1, 1)}, "weakest_part"),
    ],
)
def test_the_gravest_thing_to_mind_is_the_caution(facts: dict[str, Any], code: str) -> None:
    expert = an_expert(**(FITTING | facts))
    assert caution(a_need(venture_name="青桥", **NEED), expert).code == code


def ranked_caution(need: NeedProfile, expert: ExpertProfile) -> Caution:
    (found,) = Matcher().fit([expert]).rank(need)
    return found.cautions[0]


def test_a_ranking_without_rules_warns_of_what_a_rule_would_forbid() -> None:
    need = a_need("How do I register a company?")
    assert ranked_caution(need, an_expert(languages=("zh",))).code == "language_mismatch"
    assert ranked_caution(need, an_expert(languages=("zh", "en"))).code != "language_mismatch"
    assert ranked_caution(a_need("！"), an_expert(languages=("zh",))).code == "weakest_part"
    by_phone = a_need(modes=("phone",))
    assert ranked_caution(by_phone, an_expert(modes=("video",))).code == "mode_mismatch"
    full = an_expert(capacity=1, open_load=1)
    assert ranked_caution(a_need(), full).code == "places_taken"


def test_a_ranking_without_a_day_says_nothing_of_terms_and_ties() -> None:
    expert = an_expert(term_until_on=TODAY, interests=(Interest("青桥", kind="ci1_employment"),))
    (found,) = Matcher().fit([expert]).rank(a_need(venture_name="青桥"))
    assert found.cautions[0].code == "weakest_part"


def test_a_topic_without_the_founders_words_is_not_held_against_an_expert() -> None:
    assert caution(a_need("您好", topics=("agritech",)), an_expert()).code == "weakest_part"


def test_the_weakest_part_is_one_that_was_asked_for() -> None:
    found = caution(a_need("您好"), an_expert())
    assert dict(found.facts) == {"part": "text"}
    assert found.text == "您说的情况，这位导师的资料里写得不多，见面前可以先问清"


def test_parts_without_weight_are_compared_without_fault() -> None:
    matcher = Matcher(Weights(text=0, concept=0, likely=0, industry=0, stage=0))
    (found,) = matcher.fit([an_expert()]).rank(a_need())
    assert found.cautions[0].code == "weakest_part"


def test_words_of_the_founder_are_never_read_as_a_template() -> None:
    found = reason(a_need("{evidence}办执照{0}"), an_expert(), "topic")
    assert found.evidence == "{evidence}办执照{0}"


def test_every_part_field_and_category_has_words() -> None:
    assert set(wording.WEAKEST) == set(PART_CODES)
    assert set(wording.FIELDS) == {"organisation", "title", "expertise", "bio", "industries"}
    assert set(wording.CATEGORIES) == {"scholar", "entrepreneur", "official", "investor"}
