"""记录单 as it is printed: for officer, mentor and founder; nobody else."""

import re
from dataclasses import replace

import pytest

from app.http.limits import Allowance
from app.models.audit_entry import AccessEntry
from app.models.outcome import OutcomeVersion
from app.web.public import verify
from app.web.shared.certificates import record_code_for
from tests.attachments import put
from tests.builders import a_founder
from tests.scenes import Plays, after
from tests.services.scene import Scene
from tests.services.test_records_in_full import FULL, PLAIN, confirm, held, write


@after(held)
def written_twice(scene: Scene) -> Scene:
    write(scene, PLAIN)
    write(scene, replace(FULL, reason="补充成效", signed_name=scene.mentor.name))
    put(scene, scene.founder, scene.session().id, name="签到表.pdf")
    put(scene, scene.mentor, scene.session().id, name="导师自己的.pdf", content=b"%PDF- %%EOF")
    confirm(scene, signed_name=scene.founder.name)
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": written_twice}


@pytest.fixture
def enter(app, sign_in):
    return lambda who: sign_in(app.test_client(), who)


def test_everybody_who_was_there_prints_the_whole_record(scene: Scene, enter) -> None:
    path = f"/meetings/{scene.session().id}/record"
    newest = scene.rows(OutcomeVersion)[-1]
    for who in (scene.officer, scene.mentor, scene.founder):
        page = enter(who).get(path).get_data(as_text=True)
        for words in (
            scene.session().reference,
            "第 2 版",
            "怎么登记？",
            "200,000 元",
            "区行政审批服务局",
            "改前（第 1 版）",
            "补充成效",
            f"签名：{scene.mentor.name}",
            f"签名：{scene.founder.name}",
            "手写签名",
            newest.text_sha256,
        ):
            assert words in page, (who.name, words)
        assert ("签到表.pdf" in page) == (who is not scene.mentor)
        assert ("导师自己的.pdf" in page) == (who is not scene.founder)
        assert "以后有更正" not in page
    assert len(scene.rows(AccessEntry, AccessEntry.subject == path)) == 3


def test_large_letters_are_a_choice_and_a_stranger_finds_nothing(scene: Scene, enter) -> None:
    path = f"/meetings/{scene.session().id}/record"
    founder = enter(scene.founder)
    assert 'class="paper mt4"' in founder.get(path).text
    assert 'class="paper large mt4"' in founder.get(f"{path}?size=large").text
    assert enter(a_founder(scene.store)).get(path).status_code == 404


def test_the_officers_page_shows_before_and_after(scene: Scene, enter) -> None:
    page = enter(scene.officer).get(f"/bureau/sessions/{scene.session().id}").text
    assert "以前的版本，改前和改后（1 次）" in page
    assert "获创业担保贷款 200,000 元" in " ".join(page.split())


@pytest.fixture
def stranger(app, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verify, "_TRIES", Allowance(most=30, seconds=600))
    return app.test_client()


def test_whoever_holds_the_paper_verifies_it_by_number_and_code(
    scene: Scene, enter, stranger
) -> None:
    paper = enter(scene.founder).get(f"/meetings/{scene.session().id}/record")
    (code,) = re.findall("核验码 ([0-9A-Z-]{20})<", paper.get_data(as_text=True))
    number = scene.session().reference
    answer = stranger.get("/verify", query_string={"number": number.lower(), "code": code})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "这份记录单是真的" in page
    assert f"{number} · 第 2 版" in page
    for hidden in (scene.mentor.name, scene.founder.name, "怎么登记？", str(scene.session().id)):
        assert hidden not in page
    for wrong in ({"code": code}, {"number": "TZ2026-999999", "code": code}):
        refused = stranger.get("/verify", query_string=wrong)
        assert refused.status_code == 404
        assert "没有这个核验码" in refused.get_data(as_text=True)


def test_paper_of_an_earlier_version_says_so(scene: Scene, stranger) -> None:
    first, second = scene.rows(OutcomeVersion)
    for version, told in ((first, "不是最新一版"), (second, "这份记录单是真的")):
        with stranger.application.app_context():
            code = record_code_for(version.id)
        given = {"number": scene.session().reference, "code": code}
        assert told in stranger.get("/verify", query_string=given).get_data(as_text=True)
        answer = stranger.get("/api/v1/verify/record", query_string=given)
        assert (answer.json["number"], answer.json["newest"]) == (version.number, 2)
    wrong = stranger.get("/api/v1/verify/record", query_string={**given, "number": "TZ2026-9"})
    assert (wrong.status_code, wrong.json["code"]) == (404, "record.not_verified")
