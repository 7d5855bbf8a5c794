import pytest

from app.domain.vocabulary import Label, Words, fold, is_plain

WORDS = Words.of(
    [
        Label("street", "tangye", "唐冶街道", "Tangye"),
        Label("venture_stage", "growth", "成长期", "Growth"),
        Label("industry", "ai_computing", "人工智能与算力(超算)", "AI and computing"),
        Label("founder_group", "returning_migrant", "返乡创业农民工", "Returning migrant"),
    ]
)


@pytest.mark.parametrize(
    ("vocabulary", "word", "code"),
    [
        ("street", "tangye", "tangye"),
        ("street", "唐冶街道", "tangye"),
        ("street", "唐冶", "tangye"),
        ("street", " TANGYE ", "tangye"),
        ("venture_stage", "mature", "growth"),
        ("industry", "人工智能与算力（超算）", "ai_computing"),
        ("founder_group", "返乡农民工", "returning_migrant"),
        ("mode", "当面", "onsite"),
        ("mode", "ONLINE", "online"),
        ("language", "英文", "en"),
    ],
)
def test_a_word_leads_to_its_code(vocabulary: str, word: str, code: str) -> None:
    assert WORDS.code_of(vocabulary, word) == code


@pytest.mark.parametrize(
    ("vocabulary", "word"),
    [("street", "洪家楼"), ("mode", "email"), ("founder_group", "妇女"), ("nothing", "tangye")],
)
def test_a_word_the_vocabulary_lacks_leads_nowhere(vocabulary: str, word: str) -> None:
    assert WORDS.code_of(vocabulary, word) is None


def test_an_alias_never_hides_a_label() -> None:
    words = Words.of(
        [
            Label("area", "outside", "区外/未定", "Outside"),
            Label("area", "beyond", "区外", "Beyond"),
        ]
    )
    assert words.code_of("area", "区外") == "beyond"


def test_texts_are_compared_in_one_width_case_and_without_spaces() -> None:
    assert fold("Ａ b\tＣ") == "abc"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("一行\n又一行\t完", True), ("a\x00b", False), ("a\x1bb", False), ("\ud800", False)],
)
def test_control_marks_make_a_text_unfit(text: str, plain: bool) -> None:
    assert is_plain(text) is plain
