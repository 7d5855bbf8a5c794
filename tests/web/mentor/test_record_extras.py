"""What a mentor may add to a record, folded away: kept, shown again, refused at its field."""

import pytest

from app.models.outcome import OutcomeVersion
from tests.scenes import Plays
from tests.web.mentor.test_reports import after_a_meeting, filled, session, text, where

__all__ = ["filled", "session"]


@pytest.fixture
def plays() -> Plays:
    return {"session": after_a_meeting}


MORE = {
    "stage": "startup",
    "topics": ["registration", "policy_subsidy"],
    "effect_1_kind": "eff_loan",
    "effect_1_amount": "200000",
    "effect_1_words": "合同已见",
    "referral_to": "区行政审批服务局",
    "referral_why": "要办许可证",
}


def test_what_is_folded_away_is_kept_and_filled_in_again(road, session, visit, filled) -> None:
    assert '<details class="disc" id="more">' in visit.get(where(session))
    sent = {**filled, **MORE, "signed_name": road.mentor.name}
    assert visit.post(where(session), **sent).status_code == 303
    (written,) = road.rows(OutcomeVersion)
    assert (written.stage, written.topics) == ("startup", ["registration", "policy_subsidy"])
    assert written.effects == [{"kind": "eff_loan", "amount": 200_000, "words": "合同已见"}]
    assert written.signed_name == road.mentor.name
    assert "获创业担保贷款 200,000 元" in " ".join(visit.get(where(session)).split())
    change = visit.get(f"{where(session)}?change")
    assert '<details class="disc" id="more" open>' in change
    for words in ('value="200000"', "区行政审批服务局", 'value="policy_subsidy" checked'):
        assert words in change


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"effect_1_amount": ""}, "写明数额"),
        ({"effect_1_amount": "20万"}, "“成效 1 的数额”"),
        ({"effect_1_kind": "eff_magic"}, "从列出的选项里选择“成效 1”"),
        ({"effect_1_words": ""}, "填写“成效 1 的说明”"),
        ({"referral_why": ""}, "填写“为什么转”"),
        ({"topics": ["nothing"]}, "从列出的选项里选择“谈到的主题”"),
        ({"stage": "nowhere"}, "从列出的选项里选择“创业阶段”"),
        ({"signed_name": "别人"}, "签名和您登记的姓名不一样"),
    ],
)
def test_what_is_wrong_in_the_folded_part_is_shown_unfolded(
    road, session, visit, filled, typed, words: str
) -> None:
    answer = visit.post(where(session), **{**filled, **MORE, **typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert '<details class="disc" id="more" open>' in text(answer)
    assert road.rows(OutcomeVersion) == []
