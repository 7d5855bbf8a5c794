import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matching
from matching import understand
from matching.lexicon import (
    Lexicon,
    industry_likeness,
    lexicon_digest,
    topic_codes,
    topic_lexicon,
    usual_categories,
)
from matching.text import align
from matching.types import CATEGORIES

LEXICON = Lexicon.of(
    [("loan", "担保贷款"), ("loan", "贷款"), ("bank", "贷款"), ("ai", "AI"), ("ai", "c++")]
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("想开公司，不知道经营范围怎么写", "registration"),
        ("大棚里病虫害越来越重", "agritech"),
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


def test_words_of_no_topic_are_not_understood() -> None:
    assert understand("今天天气真好，出去走走") == ()


def test_at_most_three_topics_are_named_the_surest_first() -> None:
    topics = understand("注册公司、商标注册、劳动合同、创业担保贷款、直播带货都想问")
    assert len(topics) == 3
    assert topics[0].certainty == "clear"


def test_one_short_phrase_is_only_a_maybe() -> None:
    assert [topic.certainty for topic in understand("想问问商标")] == ["maybe"]


def test_evidence_is_the_short_clause_around_the_words() -> None:
    assert understand("您好，我想申请专利，谢谢")[0].evidence == ("我想申请专利",)


def test_evidence_of_a_long_clause_is_the_words_alone() -> None:
    text = "我们几个朋友从去年秋天开始一直在琢磨要不要就我们做的这个小东西去申请专利的事情"
    assert understand(text)[0].evidence == ("申请专利",)


@given(st.text(max_size=300))
def test_evidence_always_stands_in_the_text(text: str) -> None:
    for topic in understand(text + "，想申请专利ＡＰＰ"):
        assert topic.evidence
        assert all(words in text + "，想申请专利ＡＰＰ" for words in topic.evidence)


def test_the_longest_phrase_at_a_place_wins() -> None:
    assert [hit.phrase for hit in LEXICON.hits("要担保贷款和贷款")] == ["担保贷款", "贷款"]


def test_a_latin_phrase_inside_another_word_is_no_find() -> None:
    assert [hit.phrase for hit in LEXICON.hits("email ai ais 用ai做 c++")] == ["ai", "ai", "c++"]


def test_a_phrase_of_two_topics_says_half_as_much_for_each() -> None:
    assert LEXICON.weight("贷款") == 0.25
    assert LEXICON.weight("担保贷款") == 1.0
    assert LEXICON.weight("ai") == 1.0
    assert LEXICON.topic_weights("贷款 贷款") == {"loan": 0.25, "bank": 0.25}


def test_words_for_a_topic_are_the_founders_exact_words_once() -> None:
    assert LEXICON.words(align("ＡＩ和AI和ＡＩ")) == {"ai": ["ＡＩ", "AI"]}


def test_every_topic_has_phrases_in_every_register_and_usual_categories() -> None:
    assert len(topic_codes()) == 25
    assert set(usual_categories()) == set(topic_codes())
    assert set().union(*usual_categories().values()) == set(CATEGORIES)
    for topic in topic_codes():
        phrases = [p for p, topics in topic_lexicon().topics_of.items() if topic in topics]
        assert len([phrase for phrase in phrases if not phrase.isascii()]) >= 20
        assert len([phrase for phrase in phrases if phrase.isascii()]) >= 3


def test_phrases_are_at_least_two_characters_long_and_written_once_per_topic() -> None:
    lines = (Path(matching.__file__).parent / "data" / "topics.tsv").read_text("utf-8").split("\n")
    rows = [line.split("\t") for line in lines[1:-1]]
    assert all(len(phrase) >= 2 and phrase == phrase.strip() for _, _, phrase in rows)
    assert len(rows) == len(set(lines[1:-1]))
    assert {register for _, register, _ in rows} == {"plain", "formal", "english"}


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


def test_a_mebibyte_is_understood_quickly() -> None:
    begun = time.perf_counter()
    understand("开公司，申请专利。" * 130_000)
    assert time.perf_counter() - begun < 1.0
