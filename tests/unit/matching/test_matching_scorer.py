from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import ExpertProfile, Matcher, NeedProfile, TextEncoder, Weights, text_similarity
from matching.encoder import Factors
from matching.pool import Vectors
from matching.scorer import ask, measured, totals
from tests.unit.matching.profiles import a_need, an_expert

TEXTS = ["大棚病虫害怎么治", "贴息贷款怎么申请", "labour contracts"]
PROFILES = [["病虫害防治", "设施农业"], ["创业担保贷款", "财政贴息"], [], ["labour contract law"]]
WORDS = st.text("创业担保贷款大棚虫害ab ，", max_size=12)


def part(need: NeedProfile, expert: ExpertProfile, code: str) -> float:
    matcher = Matcher(Weights(text=1, concept=1, likely=1, industry=1, stage=1)).fit([expert])
    (candidate,) = matcher.rank(need)
    return {each.code: each.value for each in candidate.parts}[code]


def test_similarity_has_a_row_for_each_text_and_a_column_for_each_profile() -> None:
    found = text_similarity(TextEncoder().fit(TEXTS), TEXTS, PROFILES)
    assert found.shape == (3, 4)
    assert found.argmax(axis=1).tolist() == [0, 1, 3]
    assert found[:, 2].tolist() == [0.0, 0.0, 0.0]


def test_similarity_is_half_the_best_three_snippets_and_half_the_whole() -> None:
    encoder = TextEncoder().fit(TEXTS)
    profile = ["贷款申请", "贴息", "大棚", "病虫害"]
    rows = encoder.transform([TEXTS[1], *profile, " ".join(profile)])
    cosines = (rows @ rows[[0]].T).toarray()[1:, 0]
    expected = 0.5 * np.sort(cosines[:-1])[-3:].mean() + 0.5 * cosines[-1]
    assert text_similarity(encoder, TEXTS[1:2], [profile])[0, 0] == pytest.approx(expected)


@given(st.lists(WORDS, max_size=4), st.lists(st.lists(WORDS, max_size=5), max_size=4))
def test_similarity_lies_between_0_and_1_and_each_pair_stands_alone(
    texts: list[str], profiles: list[list[str]]
) -> None:
    encoder = TextEncoder(n_features=512).fit(["创业担保贷款", "大棚", "ab"])
    found = text_similarity(encoder, texts, profiles)
    assert found.shape == (len(texts), len(profiles))
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
    for row, text in enumerate(texts):
        for column, profile in enumerate(profiles):
            alone = text_similarity(encoder, [text], [profile])[0, 0]
            assert alone == pytest.approx(found[row, column])


def test_the_measured_weights_are_kept_with_a_version_and_a_threshold() -> None:
    found = measured()
    assert found.version
    assert min(found.weights.text, found.weights.concept, found.weights.likely) > 0.0
    assert 0.0 < found.least_score < 1.0


def test_totals_are_what_the_printed_parts_add_up_to() -> None:
    assert totals(np.array([0.1, 0.2, 0.000001])).item() == 0.300001


def test_an_added_topic_joins_what_the_text_says() -> None:
    need = a_need("想申请专利", topics=("agritech",))
    plain, added = ask(a_need("想申请专利")), ask(need)
    farmer, lawyer = an_expert(bio="大棚病虫害防治"), an_expert(bio="专利申请与布局")
    assert part(need, farmer, "concept") > part(a_need("想申请专利"), farmer, "concept")
    assert part(need, lawyer, "concept") > 0.1
    assert (added.concepts >= 0).all()
    assert added.concepts.tolist() != plain.concepts.tolist()


def test_of_a_struck_topic_nothing_is_left() -> None:
    need = a_need("想申请专利", struck=("ip",))
    lawyer = ExpertProfile("E1", "scholar", expertise=("专利申请与布局",))
    assert part(need, lawyer, "concept") < 0.3 * part(a_need("想申请专利"), lawyer, "concept")
    struck = ask(need).likely.sum()
    assert struck >= 0.0


def test_a_topic_that_the_lexicon_does_not_know_changes_nothing() -> None:
    need = a_need("想申请专利", topics=("no_topic_of_the_list",))
    assert ask(need).concepts.tolist() == ask(a_need("想申请专利")).concepts.tolist()


def test_a_need_without_words_asks_for_nothing() -> None:
    query = ask(NeedProfile("N1", ""))
    assert query.concepts.any() == query.likely.any() == False  # noqa: E712  # numpy booleans


def test_a_second_matter_does_not_drown_in_a_long_first_one() -> None:
    long = "想申请专利。专利申请要多少钱？专利代理怎么找？专利布局怎么做？顺便问问大棚病虫害。"
    farmer = an_expert(bio="大棚病虫害防治")
    assert part(a_need(long), farmer, "concept") > 0.1


def test_a_declared_topic_of_the_expert_meets_the_topic_of_the_need() -> None:
    need = a_need("看看", topics=("agritech",))
    assert part(need, ExpertProfile("E1", "scholar"), "concept") == 0.0
    declared = ExpertProfile("E1", "scholar", topics=("agritech",))
    assert part(need, declared, "concept") > 0.9


def test_what_a_profile_speaks_of_meets_the_need_in_other_words() -> None:
    official = an_expert(bio="创业担保贷款贴息政策")
    assert part(a_need("能不能找公家帮着借点钱，利息少点"), official, "concept") > 0.2


@pytest.mark.parametrize(
    ("asked", "offered", "value"),
    [
        ("餐饮业", ("餐饮业",), 1.0),
        ("餐饮", ("半导体", "餐饮业"), 0.6),
        ("餐饮", ("半导体",), 0.0),
        ("", ("餐饮业",), 0.0),
        ("餐饮", (), 0.0),
    ],
)
def test_the_industry_part_is_the_likest_industry(
    asked: str, offered: tuple[str, ...], value: float
) -> None:
    assert part(a_need(industry=asked), an_expert(industries=offered), "industry") == value


@pytest.mark.parametrize(
    ("asked", "offered", "value"),
    [
        ("startup", ("idea", "startup"), 1.0),
        ("startup", ("idea",), 0.5),
        ("preparing", ("idea",), 0.75),
        ("mature", ("idea",), 0.0),
        ("distress", ("growth",), 1.0),
        ("", ("idea",), 0.0),
        ("unheard_of", ("idea",), 0.0),
        ("idea", ("unheard_of",), 0.0),
    ],
)
def test_the_stage_part_falls_with_the_distance(
    asked: str, offered: tuple[str, ...], value: float
) -> None:
    assert part(a_need(stage=asked), an_expert(stages=offered), "stage") == value


def test_the_name_of_the_venture_counts_as_text() -> None:
    expert = an_expert(bio="研究无人水质采样")
    assert part(a_need("求助"), expert, "text") == 0.0
    assert part(a_need("求助", venture_name="水质采样艇"), expert, "text") > 0.0


def test_known_profiles_are_not_encoded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = TextEncoder(n_features=256).fit(TEXTS)
    first = [an_expert("E1"), an_expert("E2", bio="种植草莓")]
    known = Vectors.of(encoder, first)
    encoded: list[str] = []
    factors = TextEncoder.factors

    def recording(self: TextEncoder, texts: Iterable[str]) -> Factors:
        given = list(texts)
        encoded.extend(given)
        return factors(self, given)

    monkeypatch.setattr(TextEncoder, "factors", recording)
    changed_facts = [an_expert("E1", open_load=3), an_expert("E2", bio="种植草莓", is_paused=True)]
    assert known.covering(encoder, changed_facts) is known
    assert encoded == []
    known.covering(encoder, [*first, an_expert("E3", bio="修车")])
    assert "修车" in encoded
    assert "种植草莓" not in encoded


def test_two_experts_of_the_same_words_share_their_vectors() -> None:
    encoder = TextEncoder(n_features=256).fit(TEXTS)
    twins = [an_expert("E1"), an_expert("E2")]
    vectors = Vectors.of(encoder, []).covering(encoder, twins)
    assert vectors.concepts[0].tolist() == vectors.concepts[1].tolist()
    assert vectors.likely[0].tolist() == vectors.likely[1].tolist()
    assert len(vectors.index.wholes) == 2
