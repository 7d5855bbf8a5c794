import pytest

from app.domain.need import NeedStatus, TopicState
from app.models.job import IdempotencyKey
from app.models.need import Need, NeedTopic
from app.models.proposal import MatchRound
from tests.builders import a_founder, a_venture

TEXT = "我想办营业执照，不知道该注册个体户还是公司，另外想申请专利，不知道怎么写。"
SERVICE = {"session_type": "suggested"}


def written(road):
    return [row for row in road.rows(Need) if row.id != road.need.id]


def topics_of(road, need) -> dict[str, TopicState]:
    rows = road.rows(NeedTopic, NeedTopic.need_id == need.id)
    return {row.code: row.state for row in rows}


def test_the_form_asks_in_plain_words(desk) -> None:
    page = desk.get("/needs/new")
    for words in (
        "您现在最想解决什么？",
        "第 1 步，共 4 步",
        "登记不到 1 年",
        "专题诊断",
        "90 分钟",
    ):
        assert words in page


@pytest.mark.parametrize("path", ["/needs", "/needs/understand", "/needs/draft"])
def test_the_address_of_a_sent_form_leads_back_to_the_form(desk, path) -> None:
    assert "说说您遇到的问题" in desk.client.get(path, follow_redirects=True).text


def test_a_need_is_sent_matched_and_shown(road, desk) -> None:
    answer = desk.post(
        "/needs", text=TEXT, stage="startup", modes=["onsite", "phone"], industry="餐饮", **SERVICE
    )
    (need,) = written(road)
    assert answer.headers["Location"] == f"/needs/{need.id}/mentors"
    assert (need.status, need.stage, need.modes) == (
        NeedStatus.SUBMITTED,
        "startup",
        ["onsite", "phone"],
    )
    assert need.session_type == "diagnosis"
    (matched,) = road.rows(MatchRound, MatchRound.need_id == need.id)
    assert matched.number == 1
    assert "张敏" in desk.get(answer.headers["Location"])


def test_the_language_to_talk_in_is_kept_and_can_be_left_open(road, desk) -> None:
    desk.post("/needs", text=TEXT, language="en", **SERVICE)
    (need,) = written(road)
    assert need.language == "en"
    page = desk.get(f"/needs/{need.id}/edit")
    assert 'name="language" value="en" checked' in page.replace(' id="language"', "")
    desk.post(f"/needs/{need.id}/edit", text=TEXT, version=str(need.version), **SERVICE)
    (need,) = written(road)
    assert need.language is None


def test_a_second_press_makes_one_need(road, desk) -> None:
    first = desk.post("/needs", text=TEXT, key="press-1", **SERVICE)
    second = desk.post("/needs", text=TEXT, key="press-1", **SERVICE)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(written(road)) == 1
    assert len(road.rows(MatchRound)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "填写“您现在最想解决什么？”"),
        ({"text": "太短了"}, "再多写几句，至少 10 字"),
        ({"text": "长" * 2001}, "最多 2,000 字"),
        ({"text": TEXT, "stage": "no-such"}, "从列出的选项里选择“您的项目走到哪一步了？”"),
        ({"text": TEXT, "modes": ["telepathy"]}, "从列出的选项里选择“希望怎样见面？”"),
        ({"text": TEXT, "language": "klingon"}, "从列出的选项里选择“希望用什么语言交谈？”"),
        ({"text": TEXT, "industry": "行" * 41}, "最多 40 字"),
        ({"text": TEXT, "venture_id": "7"}, "没有找到"),
        ({"text": TEXT, "added": ["no-such-topic"]}, "从列出的选项里选择"),
        ({"text": TEXT, "added": ["ip", "permits", "marketing", "premises"]}, "主题"),
    ],
)
def test_what_cannot_be_taken_is_told_and_kept(road, desk, fields, words) -> None:
    page = desk.post("/needs", 422, **{**SERVICE, **fields}).get_data(as_text=True)
    assert "<title>错误：" in page
    assert words in page
    assert fields["text"] in page
    assert written(road) == []
    assert road.rows(IdempotencyKey) == []


def test_a_megabyte_of_words_is_refused_kindly(desk) -> None:
    page = desk.post("/needs", 422, text="长" * (100 * 1024), **SERVICE).get_data(as_text=True)
    assert "最多 2,000 字" in page


def test_somebody_elses_venture_is_not_found(road, desk) -> None:
    venture = a_venture(road.store, a_founder(road.store, name="王强").person_id)
    desk.post("/needs", 404, text=TEXT, venture_id=str(venture.id), **SERVICE)
    assert written(road) == []


def test_a_need_is_for_the_venture_named(road, desk) -> None:
    venture = a_venture(road.store, road.founder.person_id)
    assert "李晓工作室" in desk.get("/needs/new")
    desk.post("/needs", text=TEXT, venture_id=str(venture.id), **SERVICE)
    (need,) = written(road)
    assert need.venture_id == venture.id


def test_understanding_names_topics_by_the_founders_own_words(road, desk) -> None:
    answer = desk.client.post(
        "/needs/understand",
        data={"csrf_token": desk.csrf(desk.client, "/me")["csrf_token"], "text": TEXT},
        headers={"HX-Request": "true"},
    )
    part = answer.get_data(as_text=True)
    assert "<html" not in part
    assert "知识产权" in part
    assert "来自您写的“" in part
    assert "建议的服务：专题诊断" in part
    assert written(road) == []


def test_without_scripts_understanding_gives_the_whole_page_with_everything_kept(desk) -> None:
    page = desk.post("/needs/understand", 200, text=TEXT, industry="餐饮", **SERVICE).get_data(
        as_text=True
    )
    assert "<html" in page
    assert TEXT in page
    assert 'value="餐饮"' in page
    assert "知识产权" in page


def test_a_topic_is_struck_restored_and_added(road, desk) -> None:
    page = desk.post("/needs/understand", 200, text=TEXT, strike="ip").get_data(as_text=True)
    assert 'name="struck" value="ip"' in page
    assert "恢复“知识产权”" in page
    page = desk.post("/needs/understand", 200, text=TEXT, struck="ip", restore="ip").get_data(
        as_text=True
    )
    assert 'name="struck"' not in page
    page = desk.post("/needs/understand", 200, text=TEXT, add="premises").get_data(as_text=True)
    assert 'name="added" value="premises"' in page
    assert "您补上的" in page


def test_struck_and_added_topics_are_kept_with_the_need(road, desk) -> None:
    desk.post("/needs", text=TEXT, struck="ip", added="premises", **SERVICE)
    (need,) = written(road)
    topics = topics_of(road, need)
    assert (topics["ip"], topics["premises"]) == (TopicState.STRUCK, TopicState.ADDED)


def test_a_fourth_topic_is_refused_in_the_panel(desk) -> None:
    page = desk.post(
        "/needs/understand", 200, text=TEXT, added=["permits", "marketing", "premises"], add="ip"
    ).get_data(as_text=True)
    assert "errmsg" in page
    assert 'value="premises"' in page


def test_any_number_of_topics_in_a_forged_form_is_refused(desk) -> None:
    many = ["permits", "marketing", "premises", "ip", "competition", "registration"]
    page = desk.post("/needs/understand", 200, text=TEXT, added=many).get_data(as_text=True)
    assert "errmsg" in page
    assert page.count('name="added"') == 3


def test_the_proposals_of_a_draft_lead_back_to_writing(road, desk) -> None:
    desk.post("/needs/draft", text="先写几个字", **SERVICE)
    (draft,) = written(road)
    answer = desk.client.get(f"/needs/{draft.id}/mentors")
    assert answer.headers["Location"] == f"/needs/{draft.id}/edit"


def test_a_need_is_put_aside_and_finished_later(road, desk) -> None:
    answer = desk.post("/needs/draft", text="先写几个字", **SERVICE)
    assert answer.headers["Location"] == "/me"
    (draft,) = written(road)
    assert draft.status is NeedStatus.DRAFT
    assert "接着写完需求" in desk.get("/me")
    page = desk.get(f"/needs/{draft.id}/edit")
    assert "先写几个字" in page
    assert f'name="draft" value="{draft.id}"' in page
    desk.post("/needs", text=TEXT, draft=str(draft.id), need=str(draft.id), **SERVICE)
    (need,) = written(road)
    assert (need.id, need.status) == (draft.id, NeedStatus.SUBMITTED)


def test_a_need_is_changed_and_matched_anew(road, desk) -> None:
    page = desk.get(f"/needs/{road.need.id}/edit")
    assert road.need.text in page
    answer = desk.post(
        f"/needs/{road.need.id}/edit", text=TEXT, version="1", session_type="tutoring"
    )
    assert answer.headers["Location"] == f"/needs/{road.need.id}/mentors"
    need = road.row(Need, Need.id == road.need.id)
    assert (need.text, need.session_type) == (TEXT, "tutoring")
    assert len(road.rows(MatchRound)) == 1


def test_a_change_from_a_stale_page_keeps_what_was_typed(road, desk) -> None:
    page = desk.post(
        f"/needs/{road.need.id}/edit", 409, text=TEXT, version="9", **SERVICE
    ).get_data(as_text=True)
    assert TEXT in page
    assert "您填的内容都在" in page
    assert road.row(Need, Need.id == road.need.id).text == road.need.text


def test_a_need_that_is_booked_is_shown_but_not_changed(road, desk) -> None:
    road.requested()
    page = desk.get(f"/needs/{road.need.id}/edit")
    assert "这个需求不能再改" in page
    assert "<textarea" not in page
    desk.post(f"/needs/{road.need.id}/edit", 409, text=TEXT, version="2", **SERVICE)


@pytest.mark.parametrize("path", ["edit", "mentors"])
def test_somebody_elses_need_is_not_found(road, enter, path) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(f"/needs/{road.need.id}/{path}", 404)


def test_somebody_elses_need_is_not_changed(road, enter) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.post(f"/needs/{road.need.id}/edit", 404, text=TEXT, version="1", **SERVICE)
    stranger.post("/needs/understand", 404, text=TEXT, need=str(road.need.id))


def test_a_mentor_has_no_needs_to_write(road, enter) -> None:
    enter(road.mentor).get("/needs/new", 403)


def test_a_form_without_its_token_changes_nothing(road, desk) -> None:
    answer = desk.client.post("/needs", data={"text": TEXT, **SERVICE})
    assert answer.status_code == 400
    assert written(road) == []
