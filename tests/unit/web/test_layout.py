import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string

from app.web.shared import layout

PAGE = (
    '{{% extends "layouts/{name}.html" %}}{{% set nav_active = "{active}" %}}'
    "{{% block title %}}标题{{% endblock %}}{{% block content %}}<h1>正文</h1>{{% endblock %}}"
)


def page(pages: Flask, name: str, active: str = "", cookie: str = "", **given: object) -> str:
    with pages.test_request_context("/me", headers={"Cookie": cookie}):
        return render_template_string(PAGE.format(name=name, active=active), **given)


def test_display_settings_stand_on_the_root_without_scripts(pages: Flask) -> None:
    html = page(pages, "founder", cookie="size=xl; theme=contrast; lang=en")
    assert '<html lang="en" data-size="xl" data-theme="contrast">' in html
    assert '<html lang="zh-CN">' in page(pages, "founder", cookie='size="><b>; theme=pink')


def test_navigation_shows_only_what_is_served_and_marks_the_place(pages: Flask) -> None:
    html = page(pages, "founder", "needs")
    assert html.count('<a href="/needs/new" aria-current="page">') == 2
    assert 'href="/me"' in html
    assert 'href="/inbox"' not in html


@pytest.mark.parametrize(
    ("name", "has_tabs", "has_side"),
    [
        ("founder", True, False),
        ("mentor", True, False),
        ("bureau", False, True),
        ("flow", False, False),
    ],
)
def test_each_frame_has_its_own_navigation(
    pages: Flask, name: str, has_tabs: bool, has_side: bool
) -> None:
    html = page(pages, name, portal="founder")
    assert ('class="tabbar"' in html) == has_tabs
    assert ('class="side"' in html) == has_side


def test_public_page_is_framed_by_the_portal_of_the_viewer(pages: Flask) -> None:
    viewer = SimpleNamespace(name="许言冰", portal="bureau")
    html = page(pages, "public", viewer=viewer)
    assert 'class="side"' in html
    assert 'action="/logout"' in html
    signed_out = page(pages, "public")
    assert 'class="side"' not in signed_out
    assert 'href="/login"' in signed_out


def test_badge_counts_stand_beside_their_entry(pages: Flask) -> None:
    html = page(pages, "bureau", "overview", badges={"overview": 4})
    assert html.count('<span class="dot" aria-label="4 个待处理">4</span>') == 2


def test_flash_is_announced_in_its_kind(pages: Flask) -> None:
    with pages.test_request_context("/me") as context:
        context.session["_flashes"] = [("warn", "<b>当心</b>")]
        html = render_template_string(PAGE.format(name="founder", active=""))
    assert '<div class="note warn" role="status">' in html
    assert "&lt;b&gt;当心&lt;/b&gt;" in html


def test_title_says_error_when_the_form_has_faults(pages: Flask) -> None:
    html = page(pages, "founder", form=SimpleNamespace(faults=("one",)))
    assert "<title>错误：标题 – 历城创业导师</title>" in html


@pytest.mark.parametrize("status", [403, 404, 409, 422, 500])
def test_error_page_stands_alone_with_one_heading_and_a_way_on(pages: Flask, status: int) -> None:
    with pages.test_request_context("/gone"):
        html = render_template(f"layouts/errors/{status}.html")
    assert html.count("<h1>") == 1
    assert 'class="btn pri"' in html
    assert "0531-0000 0000" in html


def test_number_of_a_fault_can_be_read_on_the_telephone(pages: Flask) -> None:
    with pages.test_request_context("/gone"):
        html = render_template("layouts/errors/500.html", request_number="8K2F-04")
    assert "问题编号 8K2F-04" in html


def test_display_form_works_without_scripts(pages: Flask) -> None:
    form = re.search(
        r'<form class="menu-pop stack" method="post" action="/display".*?</form>',
        page(pages, "founder"),
        re.S,
    )
    assert form is not None
    assert 'name="csrf_token"' in form[0]
    assert 'name="next" value="/me' in form[0]
    assert len(re.findall(r'<button type="submit" name="(?:size|theme)"', form[0])) == 8


def test_address_is_served_only_when_a_page_answers_get(pages: Flask) -> None:
    with pages.test_request_context("/"):
        assert layout.is_served("/me")
        assert layout.is_served("/folder")
        assert not layout.is_served("/logout")
        assert not layout.is_served("/nowhere")


def test_idempotency_key_is_fresh_and_survives_the_form(pages: Flask) -> None:
    with pages.test_request_context("/"):
        html = render_template_string(
            '{% import "ui.html" as ui %}'
            '{{ ui.idempotency() }}{{ ui.idempotency() }}{{ ui.idempotency("kept") }}'
        )
    first, second, kept = re.findall(r'value="([^"]+)"', html)
    assert first != second
    assert len(first) >= 24
    assert kept == "kept"
