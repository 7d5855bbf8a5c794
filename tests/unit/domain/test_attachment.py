"""Which files are taken, by their bytes, and under which names."""

import pytest

from app.domain.attachment import LONGEST_NAME, cleaned_name, examined
from app.domain.errors import InvalidInputError
from app.domain.file_type import FileType, file_type_of
from tests.attachments import JPEG, PDF, PNG, TEXT, office

WORD = office("word/document.xml")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PDF, "virus.exe", FileType.PDF),
        (PNG, "a.jpg", FileType.PNG),
        (JPEG, "", FileType.JPEG),
        (WORD, "a.zip", FileType.DOCX),
        (office("xl/workbook.xml"), "a.csv", FileType.XLSX),
        (office("ppt/presentation.xml"), "a", FileType.PPTX),
        (TEXT, "a.csv", FileType.CSV),
        ("会议号，时长".encode("gb18030"), "a.log", FileType.TXT),
    ],
)
def test_the_bytes_say_what_a_file_is_and_not_its_name(content, name, expected) -> None:
    assert file_type_of(content, name) is expected


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03",
        b"%PDF-1.7 cut off",
        b"\x89PNG\r\n\x1a\n but no head",
        b"PK\x03\x04 no archive",
        office("other.xml"),
        office("word/document.xml", "xl/workbook.xml"),
        office("word/document.xml", "word/vbaProject.bin"),
        b"text with \x00 in it",
        b"\x1b[31mred",
        b"\xff\xfe\x80\x81\xff",
    ],
)
def test_what_is_none_of_the_types_is_refused_at_its_field(content) -> None:
    with pytest.raises(InvalidInputError) as caught:
        examined("原件.pdf", content)
    assert [(fault.field, fault.code) for fault in caught.value.errors] == [
        ("file", "attachment.type_unknown")
    ]


def test_nothing_is_no_file() -> None:
    with pytest.raises(InvalidInputError) as caught:
        examined("原件.pdf", b"")
    assert caught.value.errors[0].code == "input.not_chosen"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:\\用户\\签到表.PDF", "签到表.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("\r\nSet-Cookie: x.pdf", "Set-Cookie_ x.pdf"),
        ("..", "附件.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "附件.pdf"),
        ("签到表.docx", "签到表.docx.pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_content_asks(name, expected) -> None:
    assert cleaned_name(name, FileType.PDF) == expected


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    name = cleaned_name("长" * 400 + ".jpeg", FileType.JPEG)
    assert len(name) == LONGEST_NAME
    assert name.endswith("长.jpeg")
