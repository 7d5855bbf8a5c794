import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import (
    MAX_CHARACTERS,
    align,
    asked,
    clauses,
    normalise,
    sentences,
    snippets,
    stem,
    terms,
)
from tests.unit.matching.profiles import a_bare_expert, an_expert


def test_width_compatibility_forms_and_case_are_folded() -> None:
    assert normalise("ＡＢＣ①㈱") == "abc1(株)"


def test_a_text_beyond_the_bound_is_cut() -> None:
    assert len(normalise("贷" * (MAX_CHARACTERS + 5))) == MAX_CHARACTERS


def test_chinese_runs_become_characters_and_pairs() -> None:
    assert sorted(terms("担保贷")) == sorted(["担", "保", "贷", "担保", "保贷"])


def test_pairs_do_not_cross_marks_or_other_scripts() -> None:
    assert "贷款" not in terms("贷，款") + terms("贷a款")


def test_latin_words_are_stemmed_and_stop_words_are_left_out() -> None:
    assert terms("The loans are RISING") == ["loan", "rise"]


def test_a_word_of_endless_length_is_stemmed_by_its_beginning() -> None:
    assert len(stem("x" * 100_000)) <= 64


def test_text_without_words_has_no_terms() -> None:
    assert terms(" ，。!? \ud800 \x00") == []


def test_clauses_are_exact_pieces_between_marks() -> None:
    assert clauses("我想开店，How to start? 求助！") == ["我想开店", "How to start", "求助"]


def test_sentences_are_exact_pieces_between_their_ends() -> None:
    assert sentences("想开店，怎么办？ How much! 求助；谢谢") == [
        "想开店，怎么办",
        "How much",
        "求助",
        "谢谢",
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("不是我们要借钱，是客户要贷款", "，是客户要贷款"),
        ("先不谈融资，想找个会计。", "，想找个会计。"),
        ("不用教我注册公司，就问商标", "，就问商标"),
        ("We are not looking for money. We need customers", ". We need customers"),
        ("We don't need a loan, just orders", ", just orders"),
        ("不想交社保，员工自己也不想", "不想交社保，员工自己也不想"),
        ("没有抵押物，银行不给贷", "没有抵押物，银行不给贷"),
        ("", ""),
    ],
)
def test_only_what_is_expressly_not_asked_is_left_out(text: str, kept: str) -> None:
    assert asked(text) == kept


def test_an_aligned_find_leads_back_to_the_original_words() -> None:
    aligned = align("想办ＡＰＰ㈱吗")
    at = aligned.folded.find("app(株)")
    assert aligned.slice(at, at + 6) == "ＡＰＰ㈱"


@given(st.text(st.characters(), max_size=200))
def test_every_piece_of_an_aligned_text_is_a_piece_of_the_original(text: str) -> None:
    aligned = align(text)
    assert len(aligned.origins) == len(aligned.folded)
    for at in range(len(aligned.folded)):
        piece = aligned.slice(at, at + 1)
        assert piece in text
        assert aligned.folded[at] in unicodedata.normalize("NFKC", piece).lower()


def test_snippets_are_exact_pieces_of_the_fields_they_name() -> None:
    expert = an_expert()
    fields = {
        "organisation": expert.organisation,
        "title": expert.title,
        "bio": expert.bio,
        "expertise": expert.expertise,
        "industries": expert.industries,
    }
    found = snippets(expert)
    assert {snippet.field for snippet in found} == set(fields)
    assert all(snippet.text in fields[snippet.field] for snippet in found)


def test_empty_fields_give_no_snippets() -> None:
    assert snippets(a_bare_expert()) == ()
