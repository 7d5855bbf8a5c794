import pytest

from app.domain.need import NeedStatus, TopicState
from app.models.expert import Expert
from app.models.need import NeedTopic
from app.models.proposal import MatchRound
from tests.builders import a_founder, an_expert

TEXT = "想注册个公司，还想申请一个专利，不知道怎么写权利要求。"


@pytest.fixture
def attorney(road) -> Expert:
    """An expert for patents beside the one for registration."""
    road.need = road.a_need(text=TEXT, topic="registration")
    return an_expert(
        road.store,
        name="许言",
        bio="专利代理师，办理专利申请与布局、权利要求撰写、专利侵权应对。",
        expertise=["专利申请", "专利布局"],
        topics=["ip"],
    )


def change(road, desk, status: int = 303, **sent):
    return desk.post(f"/needs/{road.need.id}/topics", status, **sent)


def mentors(road, desk) -> str:
    return desk.get(f"/needs/{road.need.id}/mentors")


def states(road) -> dict[str, TopicState]:
    rows = road.rows(NeedTopic, NeedTopic.need_id == road.need.id)
    return {row.code: row.state for row in rows}


def test_topics_are_shown_with_the_words_that_led_to_them(road, desk) -> None:
    page = mentors(road, desk)
    assert "我们理解到的" in page
    assert "来自您写的“营业执照”" in page
    assert "去掉“注册登记、变更与注销”" in page


def test_striking_a_topic_makes_the_list_anew_at_once(road, desk, attorney) -> None:
    desk.post(f"/needs/{road.need.id}/refresh")
    before = mentors(road, desk)
    assert "张敏" in before
    answer = change(road, desk, strike="registration")
    assert answer.headers["Location"] == f"/needs/{road.need.id}/mentors#topics"
    assert states(road) == {"registration": TopicState.STRUCK}
    assert len(road.rows(MatchRound)) == 2
    page = mentors(road, desk)
    assert page.index("许言") < page.index("张敏") if "张敏" in page else "许言" in page
    assert "恢复“注册登记、变更与注销”" in page


def test_a_struck_topic_is_taken_back_in_one_press(road, desk, attorney) -> None:
    change(road, desk, strike="registration")
    change(road, desk, add="registration", key="one")
    change(road, desk, add="registration", key="one")
    assert states(road) == {"registration": TopicState.FOUND}


def test_adding_a_topic_is_shown_as_the_founders_own(road, desk, attorney) -> None:
    change(road, desk, add="ip")
    assert states(road)["ip"] is TopicState.ADDED
    page = mentors(road, desk)
    assert "您补上的" in page
    assert "许言" in page


@pytest.mark.parametrize("sent", [{"add": "unheard_of"}, {"add": ""}, {}])
def test_what_is_no_topic_is_told_and_changes_nothing(road, desk, sent) -> None:
    change(road, desk, **sent)
    assert states(road) == {"registration": TopicState.FOUND}
    assert road.rows(MatchRound) == []


def test_a_topic_the_need_does_not_have_is_not_struck(road, desk) -> None:
    change(road, desk, 404, strike="ip")


def test_topics_of_a_booked_need_stay(road, desk) -> None:
    road.requested()
    change(road, desk, strike="registration")
    assert states(road) == {"registration": TopicState.FOUND}
    page = mentors(road, desk)
    assert "这个需求已经约了导师" in page
    assert "去掉“" not in page


def test_somebody_elses_topics_are_not_found(road, enter) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    change(road, stranger, 404, strike="registration")
    assert road.row(NeedTopic, NeedTopic.need_id == road.need.id).state is TopicState.FOUND


def test_a_fourth_topic_is_told_to_be_one_too_many(road, desk) -> None:
    for code in ("ip", "marketing"):
        change(road, desk, add=code)
    assert "补一个主题" not in mentors(road, desk)
    change(road, desk, add="permits")
    assert len(states(road)) == 3
    assert road.need.status is NeedStatus.SUBMITTED
