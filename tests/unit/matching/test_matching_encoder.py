import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from matching import TextEncoder
from matching.encoder.background import Background
from matching.text import MAX_CHARACTERS

CORPUS = ["创业担保贷款", "担保贷款贴息", "labour contract", "贷款"]


def cosine(encoder: TextEncoder, one: str, other: str) -> float:
    rows = encoder.transform([one, other])
    return float((rows[[0]] @ rows[[1]].T).toarray()[0, 0])


def test_parameters_are_kept_as_given_and_cloned() -> None:
    encoder = TextEncoder(n_features=64, n_neighbours=3, pull=0.1, min_background=5)
    assert clone(encoder.fit(CORPUS)).get_params() == {
        "n_features": 64,
        "n_neighbours": 3,
        "pull": 0.1,
        "min_background": 5,
    }


def test_an_unfitted_encoder_refuses_to_encode() -> None:
    with pytest.raises(NotFittedError):
        TextEncoder().transform(["贷款"])


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_one_string_instead_of_several_is_refused(method: str) -> None:
    with pytest.raises(TypeError, match="several texts"):
        getattr(TextEncoder().fit(CORPUS), method)("贷款")


def test_weights_are_sublinear_counts_times_smooth_rarity_at_unit_length() -> None:
    encoder = TextEncoder().fit(["ab cd", "ab", "ab ef"])
    row = encoder.transform(["ab ab cd"]).toarray()[0]
    rarities = {"ab": math.log(4 / 4) + 1, "cd": math.log(4 / 2) + 1}
    expected = np.array([(1 + math.log(2)) * rarities["ab"], rarities["cd"]])
    found = row[row > 0]
    assert sorted(found) == pytest.approx(sorted(expected / np.linalg.norm(expected)))


def test_a_term_unseen_at_fit_keeps_the_greatest_rarity() -> None:
    encoder = TextEncoder().fit(CORPUS)
    assert encoder.idf_.max() == pytest.approx(math.log(1 + len(CORPUS)) + 1)
    unseen = encoder.rarity(["农技"])[0]
    assert unseen == encoder.idf_.max()
    assert encoder.rarity(["贷款"])[0] < unseen


def test_rarity_of_a_text_without_terms_is_zero() -> None:
    assert TextEncoder().fit(CORPUS).rarity(["，", "贷款"])[0] == 0.0


@given(st.text("贷款农技商标 abX１，", max_size=40))
def test_rarity_is_the_mean_weight_of_the_columns_in_which_a_text_is_encoded(text: str) -> None:
    encoder = TextEncoder(n_features=2**12).fit([*CORPUS, "商标与专利"])
    columns = encoder.transform([text]).indices
    expected = encoder.idf_[columns].mean() if len(columns) else 0.0
    assert encoder.rarity([text])[0] == pytest.approx(expected)


def test_rows_have_unit_length_or_are_zero() -> None:
    rows = TextEncoder().fit(CORPUS).transform(["贷款贷款", "", "labour, labour"])
    lengths = np.sqrt(rows.power(2).sum(axis=1))
    assert lengths.tolist() == pytest.approx([1.0, 0.0, 1.0])


def test_no_texts_are_encoded_as_no_rows() -> None:
    assert TextEncoder().fit(CORPUS).transform([]).shape == (0, 2**20)
    assert TextEncoder().fit([]).transform(["贷款"]).shape == (1, 2**20)


def test_fit_and_transform_in_one_gives_the_same_rows() -> None:
    together = TextEncoder().fit_transform(CORPUS)
    assert (together != TextEncoder().fit(CORPUS).transform(CORPUS)).nnz == 0


def test_texts_that_share_rare_words_are_nearer() -> None:
    encoder = TextEncoder().fit(CORPUS)
    assert cosine(encoder, "创业担保", "创业担保贷款") > cosine(encoder, "创业担保", "贷款")


def test_few_background_texts_leave_rows_alone() -> None:
    assert TextEncoder(min_background=5).fit(CORPUS).background_ is None


def test_many_background_texts_draw_a_text_towards_their_words() -> None:
    background = ["骑手 配送", "骑手 外卖", "大棚 草莓", "草莓 种植"]
    plain = TextEncoder().fit(background)
    drawn = TextEncoder(min_background=4, n_neighbours=2).fit(background)
    assert cosine(plain, "骑手的事", "外卖平台") == 0.0
    assert cosine(drawn, "骑手的事", "外卖平台") > 0.0


def test_enrichment_is_the_stated_formula_with_the_text_itself_skipped() -> None:
    background = ["aa bb", "aa cc", "aa dd", "ee ff"]
    encoder = TextEncoder(n_features=4096, min_background=4, n_neighbours=2).fit(background)
    plain = TextEncoder(n_features=4096).fit(background)
    rows = plain.transform(["aa bb", *background]).toarray()
    text, others = rows[0], rows[1:]
    cosines = others @ text
    cosines[cosines > 1 - 1e-9] = 0.0
    nearest = np.argsort(-cosines)[:2]
    pulled = cosines[nearest] @ others[nearest]
    enriched = text + 0.3 * pulled / np.linalg.norm(pulled)
    expected = enriched / np.linalg.norm(enriched)
    assert encoder.transform(["aa bb"]).toarray()[0] == pytest.approx(expected)


def test_a_text_far_from_all_background_stays_as_it_is() -> None:
    background = ["aa bb", "aa cc"]
    enriched = TextEncoder(min_background=2).fit(background).transform(["zz"])
    assert (enriched != TextEncoder().fit(background).transform(["zz"])).nnz == 0
    assert TextEncoder(min_background=2).fit(background).transform([]).shape[0] == 0


def test_a_batch_is_encoded_as_its_texts_one_by_one() -> None:
    encoder = TextEncoder(n_features=4096, min_background=3, n_neighbours=2).fit(CORPUS)
    texts = [f"{text}{at}" for at in range(90) for text in CORPUS]
    batch = encoder.transform(texts)
    alone = encoder.transform(texts[300:301])
    assert batch[[300]].toarray() == pytest.approx(alone.toarray())


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(), max_size=80), max_size=4))
def test_any_text_is_encoded_with_finite_values(texts: list[str]) -> None:
    rows = TextEncoder(n_features=256).fit(CORPUS).transform(texts)
    assert rows.shape == (len(texts), 256)
    assert np.isfinite(rows.data).all()


@pytest.mark.parametrize("piece", ["贷款申请", "loan ", "x", "e\u0301\u0323", "\ufdfa", "，"])
def test_a_mebibyte_is_encoded_by_its_beginning_alone(piece: str) -> None:
    encoder = TextEncoder(n_features=4096).fit(CORPUS)
    whole = piece * (2**20 // len(piece.encode()))
    rows = encoder.transform([whole, whole[:MAX_CHARACTERS]]).toarray()
    assert rows[0].tolist() == rows[1].tolist()


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_nearest_of_many_background_texts_are_those_of_a_plain_search(count: int) -> None:
    chance = np.random.default_rng(7)
    rows = chance.random((1_230, 40)) * (chance.random((1_230, 40)) < 0.4)
    rows[-5:] = rows[:5] + rows[600:605]
    texts = sparse.csr_array(rows / np.sqrt(np.square(rows).sum(axis=1, keepdims=True)))
    texts, asked = texts[:-5], texts[-5:]
    near = Background(texts).nearest(asked, count).cosines.toarray()
    plain = (asked @ texts.T).toarray()
    for found, cosines in zip(near, plain, strict=True):
        kept = np.flatnonzero(found)
        assert len(kept) == count
        assert found[kept] == pytest.approx(cosines[kept])
        assert cosines[kept].min() >= np.sort(cosines)[-count] - 1e-12
