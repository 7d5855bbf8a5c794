from datetime import date

from matching import ExpertProfile, Matcher, NeedProfile
from matching.text import refusals, snippets


def an_expert(expert_id: str, bio: str) -> ExpertProfile:
    return ExpertProfile(
        expert_id=expert_id,
        category="scholar",
        organisation="驻区高校",
        title="教授",
        bio=bio,
        expertise=("专利布局",),
    )


POOL = [
    an_expert("refuses", "研究专利与成果归属，不承担股权融资估值和诉讼代理。"),
    an_expert("offers", "研究专利与成果归属，也做股权融资估值。"),
]
NEED = NeedProfile(need_id="n", text="想申请专利，另外投资人要入股，股权融资怎么估值？")


def test_what_a_profile_refuses_is_no_part_of_its_offer() -> None:
    assert [piece.text for piece in refusals(POOL[0])] == ["不承担股权融资估值和诉讼代理"]
    assert all("诉讼" not in piece.text for piece in snippets(POOL[0]))


def test_who_refuses_the_matter_stands_behind_who_offers_it() -> None:
    found = Matcher().fit(POOL).rank(NEED, k=2)
    assert [candidate.expert_id for candidate in found] == ["offers", "refuses"]


def test_a_refusal_is_the_caution_and_never_a_reason() -> None:
    found = Matcher().fit(POOL).propose(NEED, k=2, today=date(2026, 9, 16)).candidates
    refusing = next(each for each in found if each.expert_id == "refuses")
    assert [caution.code for caution in refusing.cautions] == ["declined"]
    assert refusing.cautions[0].text == "这位导师写明“不承担股权融资估值和诉讼代理”"
    assert all("不承担" not in reason.text for reason in refusing.reasons)


def test_an_ordinary_clause_with_a_no_in_it_stays_an_offer() -> None:
    plain = an_expert("plain", "熟悉不动产登记，不断完善流程，不同阶段都能辅导。")
    assert refusals(plain) == ()


def test_a_refusal_of_what_nobody_asks_is_no_caution() -> None:
    need = NeedProfile(need_id="n", text="想申请专利，不知道怎么写说明书。")
    (found,) = Matcher().fit(POOL[:1]).propose(need, k=1, today=date(2026, 9, 16)).candidates
    assert [caution.code for caution in found.cautions] != ["declined"]
