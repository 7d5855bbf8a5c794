import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from matching import DamagedStateError, ForeignStateError, TextEncoder
from matching.index import (
    ProfileIndex,
    dense_products,
    greatest,
    matrix_arrays,
    matrix_of,
    pack,
    packing,
    profiles,
    unpack,
)
from matching.pool import background_of, index_profiles

PROFILES = [["创业担保贷款", "财政贴息"], [], ["病虫害防治", "设施农业", "绿色防控", "大棚"]]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder(n_features=4096).fit([" ".join(profile) for profile in PROFILES])


@pytest.fixture(scope="module")
def index(encoder: TextEncoder) -> ProfileIndex:
    return index_profiles(encoder, PROFILES)


def test_search_is_the_mean_of_the_best_snippets_and_the_whole(
    encoder: TextEncoder, index: ProfileIndex
) -> None:
    query = encoder.transform(["大棚里的病虫害和绿色防控"])
    near, whole = index.search(query, 3)
    snippets = (query @ encoder.transform(PROFILES[2]).T).toarray()[0]
    assert near[0, 2] == pytest.approx(sum(sorted(snippets)[-3:]) / 3)
    joined = encoder.transform([" ".join(PROFILES[2])])
    assert whole[0, 2] == pytest.approx((query @ joined.T).toarray()[0, 0])


def test_a_profile_of_few_snippets_is_not_punished(
    encoder: TextEncoder, index: ProfileIndex
) -> None:
    near, _ = index.search(encoder.transform(["创业担保贷款财政贴息"]), 3)
    snippets = encoder.transform(["创业担保贷款财政贴息"]) @ encoder.transform(PROFILES[0]).T
    assert near[0, 0] == pytest.approx(snippets.toarray().mean())


def test_a_profile_without_snippets_is_near_to_nothing(
    encoder: TextEncoder, index: ProfileIndex
) -> None:
    near, whole = index.search(encoder.transform(["贷款"]), 3)
    assert (near[0, 1], whole[0, 1]) == (0.0, 0.0)


def test_a_large_batch_is_searched_in_steps_with_the_same_result(
    encoder: TextEncoder, index: ProfileIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = encoder.transform(["贷款", "大棚", "绿色", "贴息", "设施"])
    at_once = index.search(queries, 3)
    monkeypatch.setattr(profiles, "_CELLS", 24)
    in_steps = index.search(queries, 3)
    assert np.array_equal(at_once, in_steps)


def test_an_empty_index_answers_with_no_columns(encoder: TextEncoder) -> None:
    near, whole = index_profiles(encoder, []).search(encoder.transform(["贷款"]), 3)
    assert near.shape == whole.shape == (1, 0)


def test_taking_and_joining_keep_each_profile_with_its_snippets(
    encoder: TextEncoder, index: ProfileIndex
) -> None:
    query = encoder.transform(["大棚贷款"])
    turned = index.take([2, 0]).join(index.take([1]))
    near, whole = index.search(query, 3)
    turned_near, turned_whole = turned.search(query, 3)
    assert turned_near[0].tolist() == near[0][[2, 0, 1]].tolist()
    assert turned_whole[0].tolist() == whole[0][[2, 0, 1]].tolist()


def test_an_index_survives_the_way_through_bytes(encoder: TextEncoder, index: ProfileIndex) -> None:
    arrays = unpack(pack(index.to_arrays()))
    restored = ProfileIndex.from_arrays(arrays, background_of(encoder))
    query = encoder.transform(["大棚贷款"])
    assert np.array_equal(restored.search(query, 3), index.search(query, 3))


def test_equal_arrays_give_equal_bytes_whatever_their_order() -> None:
    arrays = {"b": np.arange(3), "a": np.ones((2, 2))}
    assert pack(arrays) == pack(dict(reversed(arrays.items())))


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    blob = bytearray(pack({"a": np.arange(5)}))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((DamagedStateError, ForeignStateError)):
        unpack(bytes(blob))


@pytest.mark.parametrize("length", [0, 3, 16, 20, 30, 52, 100])
def test_a_cut_off_state_is_refused(length: int) -> None:
    with pytest.raises((DamagedStateError, ForeignStateError)):
        unpack(pack({"a": np.arange(5)})[:length])


def test_a_state_of_another_version_is_refused_by_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packing, "_VERSION", 4)
    later = pack({"a": np.arange(5)})
    monkeypatch.undo()
    with pytest.raises(ForeignStateError, match="version 4, expected 3"):
        unpack(later)


def test_bytes_of_another_origin_are_refused() -> None:
    with pytest.raises(ForeignStateError, match="no matcher state"):
        unpack(b"PK\x03\x04 anything")


def test_objects_are_never_pickled() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        pack({"a": np.array([object()], dtype=object)})


def test_the_empty_matrix_survives() -> None:
    arrays = matrix_arrays("m", sparse.csr_array((0, 7)))
    assert matrix_of("m", arrays).shape == (0, 7)


def drawn(texts: list[str]) -> TextEncoder:
    return TextEncoder(n_features=512, min_background=3, n_neighbours=2).fit(texts)


WORDS = st.text("创业担保贷款大棚虫害ab ", max_size=10)


@given(st.lists(st.lists(WORDS, max_size=6), max_size=5), st.lists(WORDS, min_size=1, max_size=3))
def test_search_equals_the_products_of_the_rows_one_by_one(
    given_profiles: list[list[str]], texts: list[str]
) -> None:
    encoder = drawn(["创业担保", "贷款大棚", "虫害 ab", "担保贷款"])
    queries = encoder.transform(texts)
    near, wholes = index_profiles(encoder, given_profiles).search(queries, 3)
    for row in range(len(texts)):
        for column, profile in enumerate(given_profiles):
            snippets = (queries[[row]] @ encoder.transform(profile).T).toarray()[0]
            best = sorted(snippets)[-3:]
            assert near[row, column] == pytest.approx(sum(best) / max(1, len(best)))
            whole = encoder.transform([" ".join(profile)])
            assert wholes[row, column] == pytest.approx((queries[[row]] @ whole.T).toarray()[0, 0])


def test_one_query_alone_is_answered_as_among_others() -> None:
    encoder = drawn(["创业担保", "贷款大棚", "虫害 ab", "担保贷款"])
    index = index_profiles(encoder, PROFILES)
    queries = encoder.transform(["创业贷款", "大棚", "ab 担保"])
    together = index.search(queries, 3)
    alone = [index.search(queries[[row]], 3) for row in range(3)]
    assert np.array_equal(together[0], np.vstack([near for near, _ in alone]))
    assert np.array_equal(together[1], np.vstack([whole for _, whole in alone]))


def test_a_snippet_that_many_have_is_kept_once() -> None:
    index = index_profiles(drawn(["a", "b", "c"]), [["贷款", "大棚"], ["贷款"], ["贷款", "贷款"]])
    assert len(index.snippets) == 2
    assert len(index.take([1]).snippets) == 1
    assert index.take([2, 1]).join(index.take([0])).offsets.tolist() == [0, 2, 3, 5]


@given(
    st.lists(st.integers(-3, 3).map(float), max_size=12),
    st.integers(-1, 14),
)
def test_the_greatest_are_the_first_of_a_stable_sort(values: list[float], count: int) -> None:
    expected = sorted(range(len(values)), key=lambda place: -values[place])[: max(0, count)]
    assert greatest(np.array(values), count).tolist() == expected


def test_whole_numbers_are_multiplied_exactly_however_many_queries() -> None:
    chance = np.random.default_rng(0)
    rows = np.rint(chance.normal(0, 100, (50, 256))).astype(np.float32)
    queries = np.rint(chance.normal(0, 100, (3, 256))).astype(np.float32)
    exact = rows.astype(np.int64) @ queries.astype(np.int64).T
    assert dense_products(rows, queries).tolist() == exact.tolist()
    assert dense_products(rows, queries[:1])[:, 0].tolist() == exact[:, 0].tolist()
