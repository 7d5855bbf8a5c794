from collections.abc import Callable
from datetime import date, time
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.errors import FieldError, InvalidInputError
from app.web.shared.forms import Form, quarter_hours

ID = "01927a3e-5f6b-7c1d-8e2f-3a4b5c6d7e8f"

READ = [
    (lambda form: form.text("x", longest=9), " 专利\r\n归属 ", "专利\n归属"),
    (lambda form: form.text("x", longest=9, required=False), " ", ""),
    (lambda form: form.integer("x", 1, 600), " 95 ", 95),
    (lambda form: form.integer("x", 1, 600), "９５", 95),
    (lambda form: form.integer("x", -5, 5), "-5", -5),
    (lambda form: form.day("x"), "2026-09-18", date(2026, 9, 18)),
    (
        lambda form: form.day("x", date(2026, 9, 18), date(2026, 9, 18)),
        "2026-09-18",
        date(2026, 9, 18),
    ),
    (lambda form: form.time_of_day("x"), "14:45", time(14, 45)),
    (lambda form: form.time_of_day("x", step=1), "14:07", time(14, 7)),
    (lambda form: form.identifier("x"), ID, UUID(ID)),
    (lambda form: form.choice("x", {"idea", "growth"}), "idea", "idea"),
    (lambda form: form.checkbox("x", required=True), "yes", True),
    (lambda form: form.checkbox("x"), "", False),
]

REFUSED = [
    (lambda form: form.text("x", longest=9), "  ", "input.required"),
    (lambda form: form.text("x", longest=9), "一二三四五六七八九十", "input.too_long"),
    (lambda form: form.text("x", longest=9), "a\x00b", "input.control_character"),
    (lambda form: form.integer("x", 1, 600), "", "input.required"),
    (lambda form: form.integer("x", 1, 600), "1e3", "input.not_a_number"),
    (lambda form: form.integer("x", 1, 600), "1_0", "input.not_a_number"),
    (lambda form: form.integer("x", 1, 600), "9" * 5000, "input.not_a_number"),
    (lambda form: form.integer("x", 1, 600), "0", "input.too_small"),
    (lambda form: form.integer("x", 1, 600), "601", "input.too_large"),
    (lambda form: form.day("x"), "", "input.required"),
    (lambda form: form.day("x"), "20260918", "input.not_a_date"),
    (lambda form: form.day("x"), "2026-02-30", "input.not_a_date"),
    (lambda form: form.day("x", first=date(2026, 9, 19)), "2026-09-18", "input.too_early"),
    (lambda form: form.day("x", last=date(2026, 9, 17)), "2026-09-18", "input.too_late"),
    (lambda form: form.time_of_day("x"), "", "input.required"),
    (lambda form: form.time_of_day("x"), "24:00", "input.not_a_time"),
    (lambda form: form.time_of_day("x"), "2 PM", "input.not_a_time"),
    (lambda form: form.time_of_day("x"), "14:10", "input.off_grid"),
    (lambda form: form.identifier("x"), "", "input.required"),
    (lambda form: form.identifier("x"), ID.replace("-", ""), "input.not_an_id"),
    (lambda form: form.choice("x", {"idea"}), "", "input.not_chosen"),
    (lambda form: form.choice("x", {"idea"}), "admin", "input.not_a_choice"),
    (lambda form: form.choices("x", {"video"}), "", "input.not_chosen"),
    (lambda form: form.choices("x", {"video"}), "fax", "input.not_a_choice"),
    (lambda form: form.checkbox("x", required=True), "", "input.not_ticked"),
]


@pytest.mark.parametrize(("read", "sent", "value"), READ)
def test_sound_field_is_read_as_its_type(
    read: Callable[[Form], object], sent: str, value: object
) -> None:
    with Form({"x": sent}) as form:
        assert read(form) == value


@pytest.mark.parametrize(("read", "sent", "code"), REFUSED)
def test_faulty_field_is_named_with_its_code_and_kept(
    read: Callable[[Form], object], sent: str, code: str
) -> None:
    form = Form({"x": sent})
    with pytest.raises(InvalidInputError) as refused, form:
        read(form)
    assert [(fault.field, fault.code) for fault in refused.value.errors] == [("x", code)]
    assert form.fault("x") == refused.value.errors[0]
    assert form.raw("x") == sent


def test_all_faulty_fields_are_named_at_once_in_order() -> None:
    form = Form({"b": "?"})

    def read_all() -> None:
        with form:
            form.integer("b", 1, 9)
            form.text("a", longest=5)
            form.text("a", longest=5)

    with pytest.raises(InvalidInputError) as refused:
        read_all()
    assert [fault.field for fault in refused.value.errors] == ["b", "a"]
    assert form.faults == refused.value.errors


def test_choices_are_read_once_each_in_the_order_sent() -> None:
    sent = MultiDict([("mode", "video"), ("mode", "phone"), ("mode", "video"), ("mode", "")])
    with Form(sent) as form:
        assert form.choices("mode", {"phone", "video"}) == ["video", "phone"]
    with Form() as form:
        assert form.choices("mode", {"phone"}, required=False) == []


def test_fault_outside_the_block_is_refused() -> None:
    with pytest.raises(RuntimeError, match="with form"):
        Form().text("x", longest=5)


def test_another_error_in_the_block_is_not_hidden() -> None:
    def read_and_break() -> None:
        with Form() as form:
            form.text("x", longest=5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_break()


def test_reading_again_forgets_the_old_faults() -> None:
    form = Form({"x": "ok"})
    form.refuse(InvalidInputError.at("x", "need.too_vague"))
    with form:
        form.text("x", longest=5)
    assert form.faults == ()


def test_faults_of_a_deeper_layer_are_shown_at_their_fields() -> None:
    form = Form({"due_on": "2020-01-01"})
    form.refuse(InvalidInputError.at("due_on", "outcome.due_in_the_past", first=3))
    assert form.fault("due_on") == FieldError("due_on", "outcome.due_in_the_past", {"first": 3})
    assert form.raw("due_on") == "2020-01-01"


def test_form_begins_with_values() -> None:
    form = Form({"stage": "idea", "mode": ["video", "phone"], "minutes": 90})
    assert form.raw("stage") == "idea"
    assert form.chosen("mode") == ["video", "phone"]
    assert form.raw("minutes") == "90"
    assert form.given("stage")
    assert not form.given("nothing")


def test_quarter_hours_run_from_first_to_last() -> None:
    assert [time.value for time in quarter_hours("08:30", "09:15")] == [
        "08:30",
        "08:45",
        "09:00",
        "09:15",
    ]
    assert len(quarter_hours()) == 96
