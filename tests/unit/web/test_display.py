import pytest

from app.web.shared.display import Display, chosen_settings, display_of, safe_return


def test_cookies_set_the_display() -> None:
    shown = display_of({"size": "xl", "theme": "dark", "lang": "en"})
    assert shown == Display("xl", "dark", "en")
    assert shown.html_lang == "en"


def test_unknown_values_count_as_not_set() -> None:
    assert display_of({"size": '"><script>', "theme": "", "lang": "fr"}) == Display(
        "m", "auto", "zh"
    )
    assert Display().html_lang == "zh-CN"


def test_only_known_settings_are_kept() -> None:
    assert chosen_settings({"size": "l", "theme": "pink", "next": "/me"}) == {"size": "l"}


@pytest.mark.parametrize(
    ("path", "goes_to"),
    [
        ("/me?tab=1", "/me?tab=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/me\r\nX: y", "/"),
        ("", "/"),
    ],
)
def test_return_never_leaves_the_site(path: str, goes_to: str) -> None:
    assert safe_return(path) == goes_to
