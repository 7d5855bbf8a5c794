import pytest

from app.domain.errors import InvalidInputError
from app.domain.surname import ensure_surname, is_surname_of


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("李晓", "李"),
        ("李晓", " 李 "),
        ("李晓", "李晓"),
        ("欧阳娜娜", "欧阳"),
        ("Anna Berg", "berg"),
        ("Anna Berg", "Ａｎｎａ"),
        ("买买提·艾力", "买买提"),
        ("买买提·艾力", "买买提·艾力"),
    ],
)
def test_a_surname_or_the_whole_name_is_taken(name: str, typed: str) -> None:
    assert is_surname_of(name, typed)
    ensure_surname(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("李晓", "晓"),
        ("李晓", "王"),
        ("李晓", "李晓明"),
        ("欧阳娜娜", "欧"),
        ("Anna Berg", "B"),
        ("Mononym", "M"),
    ],
)
def test_anything_else_is_refused_at_its_field(name: str, typed: str) -> None:
    assert not is_surname_of(name, typed)
    with pytest.raises(InvalidInputError) as refused:
        ensure_surname(name, typed)
    assert [(e.field, e.code) for e in refused.value.errors] == [
        ("surname", "outcome.surname_differs")
    ]


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_asked_for(typed: str) -> None:
    assert not is_surname_of("李晓", typed)
    with pytest.raises(InvalidInputError) as refused:
        ensure_surname("李晓", typed)
    assert refused.value.errors[0].code == "input.required"
