from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from matching import understand
from matching.lexicon import (
    concepts,
    industry_likeness,
    lexicon_digest,
    likely_concepts,
    read,
    shortened,
    spread,
    topic_codes,
    topics_of_concepts,
    topics_said,
    usual_categories,
)
from matching.lexicon.classifier import ConceptClassifier, grams
from matching.lexicon.phrase_index import PhraseIndex
from matching.lexicon.tables import Phrase, neighbours, phrases
from matching.text import MAX_CHARACTERS, normalise
from matching.types import CATEGORIES

LOAN, PATENT, SHOP = range(3)
SMALL = [
    (LOAN, "公家帮着借钱"),
    (LOAN, "创业担保贷款"),
    (LOAN, "贷款"),
    (PATENT, "申请专利"),
    (PATENT, "who owns my code"),
    (SHOP, "小店怎么开"),
    (SHOP, "贷款"),
]


@cache
def small() -> PhraseIndex:
    return PhraseIndex().fit(SMALL, 3)


def strength(clause: str, concept: int) -> float:
    return float(small().strengths([clause])[0, concept])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("想开公司，不知道经营范围怎么写", "registration"),
        ("我想申请专利，又怕别人仿冒", "ip"),
        ("员工受伤算不算工伤", "labour_law"),
        ("贴息贷款怎么申请", "guaranteed_loan"),
        ("投资人要占股，估值怎么定", "equity_financing"),
        ("customs duties on our export keep rising", "foreign_trade"),
        ("创业大赛进了决赛，路演稿怎么改", "competition"),
    ],
)
def test_a_founders_words_lead_to_their_topic(text: str, topic: str) -> None:
    assert understand(text)[0].code == topic


def test_at_most_three_topics_are_named() -> None:
    topics = understand("注册公司、商标注册、劳动合同、创业担保贷款、直播带货都想问")
    assert 1 <= len(topics) <= 3
    assert topics[0].certainty == "clear"


def test_words_without_a_matter_are_not_understood() -> None:
    assert understand("您好！") == ()


def test_what_is_expressly_not_asked_is_not_understood() -> None:
    said = {topic.code for topic in understand("不是我们要申请创业担保贷款，想注册个商标")}
    assert "ip" in said
    assert "guaranteed_loan" not in said


@given(st.text(max_size=300))
def test_evidence_always_stands_in_the_text(text: str) -> None:
    whole = text + "，想申请专利ＡＰＰ"
    for topic in understand(whole):
        assert topic.evidence
        assert all(words in whole for words in topic.evidence)


def test_a_phrase_is_met_though_words_are_put_in_and_turned_round() -> None:
    assert strength("能不能公家帮我借点钱", LOAN) > 0.2
    assert strength("专利要怎么申请", PATENT) > 0.2
    assert strength("I wonder who really owns the code", PATENT) > 0.2


def test_a_phrase_of_which_too_little_stands_there_is_not_met() -> None:
    assert strength("借钱", LOAN) == 0.0
    assert strength("今天下雨", SHOP) == 0.0


def test_a_phrase_of_two_characters_must_stand_there_whole() -> None:
    assert strength("贷不到款", LOAN) == 0.0
    assert strength("想贷款", LOAN) > 0.0


def test_a_phrase_of_two_concepts_says_half_as_much_for_each() -> None:
    one = PhraseIndex().fit([(LOAN, "贷款")], 3).strengths(["贷款"])[0]
    two = PhraseIndex().fit([(LOAN, "贷款"), (SHOP, "贷款")], 3).strengths(["贷款"])[0]
    assert two[LOAN] == two[SHOP] == pytest.approx(one[LOAN] / 2)


def test_the_more_of_a_phrase_stands_there_the_stronger_it_is_met() -> None:
    whole, most = strength("申请专利", PATENT), strength("申请个专利", PATENT)
    assert whole > most > 0.0


def test_other_phrases_of_a_concept_add_a_share_to_the_best() -> None:
    best = PhraseIndex(rest=0.0).fit(SMALL, 3).strengths(["创业担保贷款"])[0, LOAN]
    every = PhraseIndex(rest=1.0).fit(SMALL, 3).strengths(["创业担保贷款"])[0, LOAN]
    assert best < strength("创业担保贷款", LOAN) < every
    assert strength("创业担保贷款", LOAN) == pytest.approx(best + 0.3 * (every - best))


def test_meetings_name_the_phrases_met_the_strongest_first() -> None:
    found = small().meetings(["想贷款", "申请专利"])
    assert (found[0].clause, found[0].concept, found[0].phrase) == (1, PATENT, "申请专利")
    assert {(each.clause, each.concept) for each in found} == {(1, PATENT), (0, LOAN), (0, SHOP)}
    assert found == sorted(found, key=lambda each: -each.strength)


def test_many_clauses_are_each_read_as_if_alone() -> None:
    clauses = ["想贷款", "申请专利", "", "小店怎么开"] * 40
    together = small().strengths(clauses)
    assert together.shape == (160, 3)
    for at, clause in enumerate(clauses[:4]):
        assert together[at::4] == pytest.approx(np.tile(small().strengths([clause]), (40, 1)))


def test_no_clauses_have_no_strengths() -> None:
    assert small().strengths([]).shape == (0, 3)


def test_the_classifier_computes_what_scikit_learn_computes() -> None:
    texts = [text for _, text in SMALL]
    labels = [concept for concept, _ in SMALL]
    counter = CountVectorizer(analyzer=grams)
    peer = MultinomialNB(alpha=0.05, fit_prior=False).fit(counter.fit_transform(texts), labels)
    ours = ConceptClassifier(alpha=0.05, softness=0.0).fit(SMALL, 3)
    asked = ["想申请专利", "公家借钱", "code of mine", "小店贷款怎么办"]
    expected = peer.predict_proba(counter.transform(asked))
    assert ours.predict_proba(asked) == pytest.approx(expected, abs=1e-12)


def test_a_text_of_unknown_words_is_equally_likely_everywhere() -> None:
    found = ConceptClassifier().fit([(0, "开店"), (1, "种菜")], 2).predict_proba(["xyz", ""])
    assert found == pytest.approx(np.full((2, 2), 0.5))


def test_softness_keeps_long_texts_from_being_too_sure() -> None:
    text = "申请专利怎么开小店，申请专利，申请专利"
    hard = ConceptClassifier(softness=0.0).fit(SMALL, 3).predict_proba([text])
    soft = ConceptClassifier(softness=0.5).fit(SMALL, 3).predict_proba([text])
    assert hard.max() > soft.max()
    assert soft.sum() == pytest.approx(1.0)


def test_probabilities_of_several_pieces_are_their_mean() -> None:
    one, other = likely_concepts(["想申请专利"]), likely_concepts(["想贷款"])
    assert likely_concepts(["想申请专利", "想贷款"]) == pytest.approx((one + other) / 2)
    assert likely_concepts([]).sum() == 0.0


def test_a_concept_speaks_for_its_neighbours_a_little() -> None:
    row = np.zeros(len(concepts()))
    row[0] = 1.0
    assert spread(row) == pytest.approx(row + 0.3 * neighbours()[0])


def test_topics_said_are_those_of_one_of_the_pieces() -> None:
    assert "ip" in topics_said(["种菜", "商标注册与侵权应对"])
    assert topics_said([]) == frozenset()


def test_a_long_piece_is_shortened_to_the_stretch_that_says_the_topic() -> None:
    piece = "我们几个朋友从去年秋天开始一直在琢磨要不要就我们做的这个小东西去申请专利的事情"
    words = shortened(piece, "ip")
    assert "申请专利" in words
    assert words in piece
    assert len(words) <= 30
    assert shortened("想申请专利", "ip") == "想申请专利"
    assert shortened("啊" * 40, "ip") == "啊" * 30
    english = "customs duties on our export keep rising every single month of the year"
    assert set(shortened(english, "foreign_trade").split()) <= set(english.split())


def test_every_topic_has_concepts_in_every_register_and_usual_categories() -> None:
    assert len(topic_codes()) == 25
    assert set(usual_categories()) == set(topic_codes())
    assert set().union(*usual_categories().values()) == set(CATEGORIES)
    assert topics_of_concepts().sum(axis=0).min() >= 5
    assert topics_of_concepts().sum(axis=1).tolist() == [1.0] * len(concepts())
    counts = Counter((phrase.concept, phrase.register) for phrase in phrases())
    for concept in concepts():
        assert counts[concept.code, "plain"] >= 20
        assert counts[concept.code, "formal"] >= 15
        assert counts[concept.code, "en"] >= 8


def test_the_lexicon_is_broad() -> None:
    assert len(concepts()) >= 250
    assert len(phrases()) >= 15_000


def test_phrases_are_plain_rows_written_once_per_concept() -> None:
    known = {concept.code for concept in concepts()}
    rows: list[Phrase] = list(phrases())
    assert all(row.concept in known for row in rows)
    assert all(len(row.text) >= 2 and row.text == row.text.strip() for row in rows)
    assert {row.register for row in rows} == {"plain", "formal", "en"}
    assert len({(row.concept, normalise(row.text)) for row in rows}) == len(rows)


def test_every_concept_names_a_category_and_no_concept_is_its_own_neighbour() -> None:
    assert all(set(concept.categories) <= set(CATEGORIES) for concept in concepts())
    assert all(concept.categories and concept.zh and concept.en for concept in concepts())
    assert neighbours().diagonal().sum() == 0.0
    assert 0.0 < neighbours()[neighbours() > 0].min() <= neighbours().max() <= 1.0


def test_what_is_read_of_a_profile_is_kept() -> None:
    assert read(["创业担保贷款"]) is read(("创业担保贷款",))


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("餐饮业", "餐饮业", 1.0),
        ("ＩＴ", "it", 1.0),
        ("餐饮业", "餐饮", 0.6),
        ("catering_retail", "餐饮", 0.6),
        ("家政服务", "旅游业", 0.3),
        ("养老服务", "emerging_services", 0.3),
        ("餐饮业", "半导体", 0.0),
        ("综合服务", "餐饮业", 0.0),
        ("", "餐饮业", 0.0),
    ],
)
def test_industries_are_alike_by_name_then_code_then_branch(
    one: str, other: str, likeness: float
) -> None:
    assert industry_likeness(one, other) == likeness
    assert industry_likeness(other, one) == likeness


def test_the_digest_of_the_lexicon_is_stable() -> None:
    first = lexicon_digest()
    lexicon_digest.cache_clear()
    assert lexicon_digest() == first


def test_a_mebibyte_is_understood_by_its_beginning_alone() -> None:
    text = "开公司的手续怎么走，申请专利要多少钱，" * 30_000
    assert understand(text) == understand(text[:MAX_CHARACTERS])
