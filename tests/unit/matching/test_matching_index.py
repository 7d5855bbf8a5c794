import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import matching.index
from matching import DamagedStateError, ForeignStateError, TextEncoder
from matching.index import ProfileIndex, pack, unpack
from matching.scorer import index_profiles

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
    monkeypatch.setattr(matching.index, "_CELLS", 24)
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
    restored = ProfileIndex.from_arrays(unpack(pack(index.to_arrays())))
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
    monkeypatch.setattr(matching.index, "_VERSION", 2)
    later = pack({"a": np.arange(5)})
    monkeypatch.undo()
    with pytest.raises(ForeignStateError, match="version 2, expected 1"):
        unpack(later)


def test_bytes_of_another_origin_are_refused() -> None:
    with pytest.raises(ForeignStateError, match="no matcher state"):
        unpack(b"PK\x03\x04 anything")


def test_objects_are_never_pickled() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        pack({"a": np.array([object()], dtype=object)})


def test_the_empty_matrix_survives() -> None:
    arrays = matching.index.matrix_arrays("m", sparse.csr_array((0, 7)))
    assert matching.index.matrix_of("m", arrays).shape == (0, 7)
