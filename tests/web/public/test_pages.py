from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.builders import a_founder

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])

PAGES = ("/", "/login", "/help", "/privacy", "/accessibility")


class Headings(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3"):
            self.levels.append(int(tag[1]))
        self.ids += [str(value) for name, value in attrs if name == "id"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_for_everybody_has_one_heading_and_the_telephone(
    client: FlaskClient, path: str, lang: str
) -> None:
    client.set_cookie("lang", lang)
    answer = client.get(path)
    found = Headings(answer.text)
    assert answer.status_code == 200
    assert found.levels.count(1) == 1
    assert found.levels[0] == 1
    assert len(found.ids) == len(set(found.ids))
    assert 'href="tel:0531-00000000"' in answer.text
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in answer.text


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_who_is_signed_in_reads_them_in_his_own_frame(
    client: FlaskClient, store: Any, sign_in: Any, path: str
) -> None:
    page = sign_in(client, a_founder(store)).get(path).text
    assert 'action="/logout"' in page
    assert "李晓" in page


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"size": "xl"}, 'data-size="xl"'),
        ({"theme": "contrast"}, 'data-theme="contrast"'),
        ({"lang": "en"}, 'lang="en"'),
    ],
)
def test_display_is_kept_and_leads_back(
    client: FlaskClient, csrf: Any, choice: dict[str, str], shown: str
) -> None:
    form = {**csrf(client, "/help"), **choice, "next": "/help"}
    answer = client.post("/display", data=form)
    assert (answer.status_code, answer.location) == (303, "/help")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if next(iter(choice)) in c[:6]]
    assert "Max-Age=31536000" in cookie
    assert shown in client.get("/help").text


@pytest.mark.parametrize("choice", [{"size": "9px"}, {"theme": '"><script>'}, {"other": "x"}])
def test_an_unknown_display_is_not_kept(
    client: FlaskClient, csrf: Any, choice: dict[str, str]
) -> None:
    answer = client.post("/display", data={**csrf(client, "/help"), **choice, "next": "//evil"})
    assert answer.location == "/"
    assert not [
        c for c in answer.headers.getlist("Set-Cookie") if c[:4] in ("size", "them", "othe")
    ]
