from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string

from app.domain.calendar import CalendarWeek
from app.domain.errors import FieldError, InvalidInputError
from app.web.shared.charts import Columns, Series, StackedBars
from app.web.shared.formatting import BEIJING
from app.web.shared.forms import Choice, Form
from app.web.shared.pace_chart import PaceChart
from app.web.shared.week import sheet

HOSTILE = "\"'><script>alert(1)</script><b onload=x>"
HARMLESS = "harmless words"
START = datetime(2026, 9, 18, 6, 0, tzinfo=UTC)

CALLS = {
    "icon": "ui.icon('check')",
    "tag": "ui.tag(x, 'ok', 'check')",
    "btn": (
        "ui.btn(x, 'pri', '/?q=' ~ x, 'check', label=x, attrs={'hx-get': x})"
        " ~ ui.btn(x, name=x, value=x, label=x)"
    ),
    "icon_btn": "ui.icon_btn(x, 'check', '/' ~ x) ~ ui.icon_btn(x, 'check', name=x, value=x)",
    "note": "ui.note('ok', x, x)",
    "empty": "ui.empty(x, x, 'calendar', '/' ~ x, x)",
    "page_head": "ui.page_head(x, x, kicker=x) ~ ui.page_head(x, x, 2, 4)",
    "back": "ui.back('/' ~ x, x)",
    "crumbs": "ui.crumbs([{'href': '/' ~ x, 'text': x}, {'text': x}])",
    "seg": "ui.seg([{'href': '/' ~ x, 'text': x, 'is_current': true}], x)",
    "chips": "ui.chips([{'href': '/' ~ x, 'text': x, 'icon': 'check'}], x)",
    "pager": "ui.pager(x, '/' ~ x, '/' ~ x)",
    "progress": "ui.progress(x, 1, 2, x, poll='/' ~ x)",
    "csrf": "ui.csrf()",
    "idempotency": "ui.idempotency(x)",
    "hidden": "ui.hidden(x, x)",
    "error_summary": "ui.error_summary(form, {'x': x})",
    "field": (
        "ui.field(form, 'x', x, 'textarea', x, true, counts=true, attrs={'hx-post': x})"
        " ~ ui.field(form, 'x', x) ~ ui.field(form, 'x', x, 'time')"
        " ~ ui.field(form, 'x', x, 'select', options=options)"
    ),
    "choices": "ui.choices(form, 'x', x, options, 'checkbox', x)",
    "checkbox": "ui.checkbox(form, 'x', x, x)",
    "rate": "ui.rate(form, x, [{'name': 'x', 'text': x}], x, options)",
    "kind_name": "ui.kind_name('scholar')",
    "kind_class": "ui.kind_class('official')",
    "kind_icon": "ui.kind_icon('investor')",
    "kind_tag": "ui.kind_tag('entrepreneur')",
    "service_name": "ui.service_name('diagnosis')",
    "mode_name": "ui.mode_name('park')",
    "guidance": "ui.guidance('restricted') ~ ui.guidance('general') ~ ui.guidance(none)",
    "mode": "ui.mode('video')",
    "booking_status": "ui.booking_status('accepted') ~ ui.booking_status('declined')",
    "avatar": "ui.avatar(x, 'scholar', 'l')",
    "person": "ui.person(x, 'scholar', x, '/' ~ x, id=x)",
    "marked_text": "ui.marked_text(x ~ x, x)",
    "reasons": "ui.reasons([{'text': x ~ '!', 'evidence': x}], [{'text': x}])",
    "times": "ui.times([time], '/' ~ x)",
    "mentor_card": "ui.mentor_card(mentor, [{'text': x}], [{'text': x}], [time], '/' ~ x, 'm1')",
    "cause_name": "ui.cause_name(x)",
    "lateness": "ui.lateness({'length': time.ends_at - time.starts_at, 'stopped_at': none})",
    "person_card": "ui.person_card(mentor, [x])",
    "days": "ui.days([{'on': on, 'href': '?' ~ x, 'closed': x, 'is_current': true}], x)",
    "slots": "ui.slots(form, 'x', x, [time], x)",
    "hold_clock": "ui.hold_clock(time.ends_at)",
    "kv": "ui.kv([{'label': x, 'value': x, 'note': x, 'href': '/' ~ x, 'action': x}])",
    "tasks": "ui.tasks([{'text': x, 'href': '/' ~ x, 'note': x, 'state': x, 'kind': 'warn'}])",
    "timeline": "ui.timeline([{'at': x, 'title': x, 'text': x, 'href': '/' ~ x, 'action': x}])",
    "chain": "ui.chain([{'at': x, 'title': x, 'note': x, 'hash': x}])",
    "bar": "ui.bar(40, 70.4, 2)",
    "tile": "ui.tile(x, 402, x, 540, '/' ~ x, x, 'ok', 70.4, x)",
    "cell": "ui.cell({'text': x, 'href': '/' ~ x, 'note': x}) ~ ui.cell(x)",
    "table": (
        "ui.table([{'text': x}, {'text': x}],"
        " [[x, {'text': x, 'tag': 'ok'}], [x, {'text': x, 'filled': 3}]], x, false, 0)"
    ),
    "chart_bars": "ui.chart_bars('c', chart, x, x, x, x)",
    "chart_columns": "ui.chart_columns('k', columns, x, x)",
}
BLOCKS = {
    "chart_pace": "{% call ui.chart_pace('p', pace, x, x, [x, x]) %}{{ x }}{% endcall %}",
    "card": "{% call ui.card(x, 'c', '/' ~ x, x) %}{{ x }}{% endcall %}",
    "disc": "{% call ui.disc(x, 'd') %}{{ x }}{% endcall %}",
    "kv_row": "{% call ui.kv_row(x, '/' ~ x, x) %}{{ x }}{% endcall %}",
    "week": (
        "{% call(part, column, block) ui.week(sheet, x, {'': 'free'}) %}{{ part }} {{ x }}"
        "{{ block.entry.href if block }}{% endcall %}"
    ),
}
SAMPLES = {name: "{{ " + call + " }}" for name, call in CALLS.items()} | BLOCKS


@dataclass(frozen=True)
class Time:
    href: str
    starts_at: datetime = START
    ends_at: datetime = START + timedelta(minutes=90)
    is_free: bool = True
    kind: str = ""


class Shape(HTMLParser):
    """The elements and attribute names of a page, without any text or value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))


def things(text: str) -> Mapping[str, object]:
    form = Form({"x": text})
    form.refuse(InvalidInputError(errors=[FieldError("x", "input.required")]))
    return {
        "x": text,
        "form": form,
        "options": [Choice("a", text, text, "check"), Choice(text, text)],
        "time": Time("/" + text),
        "on": date(2026, 9, 18),
        "mentor": {
            "name": text,
            "category": "scholar",
            "title": text,
            "record": text,
            "href": "/" + text,
            "strengths": text + "!",
            "first_free_at": START,
        },
        "chart": StackedBars((text,), (Series(text, (3,)),)),
        "columns": Columns((text,), (3,), 4),
        "pace": PaceChart((text,), (3,), (4,)),
        "sheet": sheet(
            [Time("/" + text)],
            CalendarWeek.of(date(2026, 9, 18)).days,
            BEIJING,
            date(2026, 9, 18),
            is_shown=lambda _on: True,
        ),
    }


def rendered(pages: Flask, sample: str, text: str = HARMLESS, lang: str = "zh") -> str:
    with pages.test_request_context("/me", headers={"Cookie": f"lang={lang}"}):
        return render_template_string('{% import "ui.html" as ui %}' + sample, **things(text))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_hostile_text_makes_no_element_and_no_attribute(pages: Flask, name: str) -> None:
    harmless = Shape(rendered(pages, SAMPLES[name]))
    hostile = Shape(rendered(pages, SAMPLES[name], HOSTILE))
    assert hostile.elements == harmless.elements


def test_shape_sees_what_a_careless_template_lets_through(pages: Flask) -> None:
    careless = "{% autoescape false %}<p>{{ x }}</p>{% endautoescape %}"
    assert ("script", ()) in Shape(rendered(pages, careless, HOSTILE)).elements


def test_every_macro_has_a_sample(pages: Flask) -> None:
    with pages.test_request_context("/"):
        module = pages.jinja_env.get_template("ui.html").module
    macros = {
        name for name in vars(module) if not name.startswith("_") and not name.endswith("_pieces")
    }
    assert macros == set(SAMPLES)


def test_field_stands_in_the_order_label_hint_error_control(pages: Flask) -> None:
    html = rendered(pages, "{{ ui.field(form, 'x', '主要发现', 'textarea', '问题在哪里。') }}")
    marks = ["<label", 'id="x-h"', 'id="x-e"', "<textarea"]
    assert [html.index(mark) for mark in marks] == sorted(html.index(mark) for mark in marks)
    assert 'aria-describedby="x-h x-e"' in html
    assert 'aria-invalid="true"' in html
    assert "填写“主要发现”" in html
    assert f">\n{HARMLESS}</textarea>" in html


def test_summary_links_to_a_control_that_exists(pages: Flask) -> None:
    for control in (
        "ui.field(form, 'x', 'l')",
        "ui.choices(form, 'x', 'l', options)",
        "ui.checkbox(form, 'x', 'l')",
        "ui.slots(form, 'x', 'l', [time])",
    ):
        html = rendered(pages, SAMPLES["error_summary"] + "{{ " + control + " }}")
        assert 'href="#x"' in html
        assert html.count('id="x"') == 1


def test_optional_select_can_be_left_empty(pages: Flask) -> None:
    chosen = "{{ ui.field(form, 'y', 'l', 'select', options=options, is_optional=%s) }}"
    assert '<option value="" selected>不选</option>' in rendered(pages, chosen % "true")
    assert 'value=""' not in rendered(pages, chosen % "false")
    own = chosen.replace("options=options", "options=[{'value': '', 'text': 'none'}]")
    assert rendered(pages, own % "true").count('value=""') == 1


def test_password_is_never_sent_back(pages: Flask) -> None:
    assert HARMLESS not in rendered(pages, "{{ ui.field(form, 'x', 'l', 'password') }}")


def test_words_follow_the_reader_and_not_the_first_reader(pages: Flask) -> None:
    sample = "{{ ui.kind_name('scholar') }} {{ ui.booking_status('requested') }} {{ on|day }}"
    assert "专家学者" in rendered(pages, sample)
    english = rendered(pages, sample, lang="en")
    assert "Scholar" in english
    assert "Waiting for the mentor" in english
    assert "Fri 18 Sep" in english
    assert "9月18日 周五" in rendered(pages, sample)


def test_taken_time_is_shown_and_cannot_be_chosen(pages: Flask) -> None:
    with pages.test_request_context("/"):
        html = render_template_string(
            '{% import "ui.html" as ui %}{{ ui.slots(form, "at", "l", times) }}',
            form=Form({"at": START.isoformat()}),
            times=[
                Time("", is_free=False),
                Time("", START + timedelta(hours=2), START + timedelta(hours=3)),
            ],
        )
    assert "已约满" in html
    assert html.count("disabled") == 1
    assert "checked" not in html
