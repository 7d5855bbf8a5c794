import hashlib
from datetime import timedelta

import pytest

from app.domain.errors import InvalidInputError
from app.domain.sample import (
    LARGEST,
    Call,
    Difference,
    Drawable,
    SampleResult,
    draw,
    ensure_call,
    ensure_number,
    ensure_size,
    list_hash,
    quotas_of,
    seed_of,
    size_for,
    wilson,
)
from tests.moments import at

SEED = seed_of("ab" * 32, "42")
LOT = [
    Drawable(f"{number:032x}", "lecture" if number % 10 == 0 else "consultation")
    for number in range(1, 101)
]


def test_the_draw_is_the_first_by_sha256_of_seed_colon_key() -> None:
    by_hand = sorted(LOT, key=lambda each: hashlib.sha256(f"{SEED}:{each.id}".encode()).hexdigest())
    assert draw(LOT, SEED, 20) == [each.id for each in by_hand[:20]]


def test_the_order_of_the_list_does_not_matter_and_the_number_does() -> None:
    assert draw(LOT[::-1], SEED, 20) == draw(LOT, SEED, 20)
    assert draw(LOT, seed_of("ab" * 32, "43"), 20) != draw(LOT, SEED, 20)
    assert list_hash(LOT[::-1]) == list_hash(LOT) != list_hash(LOT[1:])


def test_every_record_is_drawn_about_as_often_as_another() -> None:
    often = dict.fromkeys((each.id for each in LOT), 0)
    for number in range(400):
        for key in draw(LOT, seed_of("cd" * 32, str(number)), 10):
            often[key] += 1
    # 40 expected, a standard deviation of 6: five of them bound the hundred.
    assert min(often.values()) >= 10
    assert max(often.values()) <= 70


def test_a_draw_by_kind_takes_as_many_of_each_as_its_quota() -> None:
    quotas = quotas_of(LOT, 25)
    kinds = {each.id: each.kind for each in LOT}
    drawn = [kinds[key] for key in draw(LOT, SEED, 25, quotas)]
    assert (drawn.count("lecture"), drawn.count("consultation")) == (2, 23)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 99, 100])
def test_quotas_sum_to_the_size_and_no_kind_has_more_than_there_are(size: int) -> None:
    lot = [*LOT, Drawable("ff" * 16, "review")]
    quotas = quotas_of(lot, size)
    assert sum(quotas.values()) == size
    assert all(quotas[kind] <= sum(each.kind == kind for each in lot) for kind in quotas)
    assert size < 3 or all(quotas.values())


@pytest.mark.parametrize(
    ("population", "confidence", "margin", "needed"),
    [
        (10_000_000, 95, 5, 385),
        (1000, 95, 5, 278),
        (46, 95, 10, 32),
        (1, 99, 2, 1),
        (20, 95, 2, 20),
    ],
)
def test_the_size_needed_is_that_of_the_tables(population, confidence, margin, needed) -> None:
    assert size_for(population, confidence, margin) == needed


@pytest.mark.parametrize(
    ("agreed", "asked", "low", "high"),
    # Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_the_interval_is_wilsons(agreed, asked, low, high) -> None:
    found = wilson(agreed, asked)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_nobody_asked_gives_no_rate() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize("number", ["12a", "１２", "-1", "9" * 21])
def test_the_number_is_of_digits(number: str) -> None:
    with pytest.raises(InvalidInputError):
        ensure_number(number)


@pytest.mark.parametrize("size", [0, -1, 51, LARGEST + 1])
def test_no_more_are_drawn_than_there_are(size: int) -> None:
    with pytest.raises(InvalidInputError):
        ensure_size(size, 50)


def a_call(**values) -> Call:
    told = {"result": SampleResult.AGREED, "called_at": at("10-20 10:00"), **values}
    return Call(**told)


def test_a_call_keeps_its_differences_in_one_order_and_its_words_trimmed() -> None:
    call = a_call(
        result=SampleResult.DIFFERS,
        differs=(Difference.PERSONS, Difference.DATE, Difference.DATE),
        said=" 我没去。\n",
    )
    kept = ensure_call(call, at("10-20 09:00"), at("10-20 11:00"))
    assert kept.differs == (Difference.DATE, Difference.PERSONS)
    assert kept.said == "我没去。"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"result": SampleResult.DIFFERS, "said": "没去"}, "differs"),
        ({"differs": (Difference.DATE,)}, "differs"),
        ({"result": SampleResult.DIFFERS, "differs": (Difference.DATE,)}, "said"),
        ({"called_at": at("10-20 08:59")}, "called_at"),
        ({"called_at": at("10-20 11:01")}, "called_at"),
    ],
)
def test_a_call_that_does_not_fit_is_refused_at_its_field(values, field) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_call(a_call(**values), at("10-20 09:00"), at("10-20 11:00"))
    assert [error.field for error in refused.value.errors] == [field]


def test_a_call_in_the_minute_of_the_draw_is_in_time() -> None:
    drawn_at = at("10-20 10:00") + timedelta(seconds=40)
    assert ensure_call(a_call(), drawn_at, drawn_at).result is SampleResult.AGREED
