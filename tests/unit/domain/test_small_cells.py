"""Small cells are merged, and cannot be had back from what is printed."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.small_cells import REST, is_small, merged


def test_small_parts_go_into_a_rest_that_is_not_small() -> None:
    assert merged({"a": (20, 30), "b": (2, 9), "c": (3, 3), "d": (40, 41)}) == {
        "a": (20, 30),
        "d": (40, 41),
        REST: (5, 12),
    }


def test_one_small_part_takes_the_next_smallest_with_it() -> None:
    assert merged({"a": (20,), "b": (4,), "c": (9,)}) == {"a": (20,), REST: (13,)}


def test_without_small_parts_nothing_is_merged() -> None:
    assert merged({"a": (20,), "b": (5,), "c": (0,)}) == {"a": (20,), "b": (5,), "c": (0,)}
    assert merged({}) == {}


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), st.integers(0, 30)))
def test_whatever_is_hidden_stays_hidden(counts: dict[str, int]) -> None:
    shown = merged({name: (count,) for name, count in counts.items()})
    assert sum(cells[0] for cells in shown.values()) == sum(counts.values())
    hidden = [count for name, count in counts.items() if name not in shown]
    assert not any(is_small(cells[0]) for name, cells in shown.items() if name != REST)
    if hidden and len(shown) > 1 and shown[REST] != (sum(counts.values()),):
        # Who subtracts what is printed from the total learns the sum of two parts or more.
        assert len(hidden) > 1
        assert not is_small(shown[REST][0])
