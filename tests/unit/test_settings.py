from pathlib import Path

import pytest

from app.settings import SettingsError, load


def a_file(folder: Path) -> Path:
    path = folder / "seal_key.pem"
    path.write_text("a key")
    return path


def test_the_key_of_seals_lies_in_a_file_and_production_never_makes_it(tmp_path: Path) -> None:
    assert load({}, tmp_path).seal_key == tmp_path / "var" / "seal_key.pem"
    production = {
        "JIEBAN_ENV": "production",
        "JIEBAN_SECRET_KEY": "s" * 40,
        "JIEBAN_BASE_URL": "https://example.cn",
    }
    for given in (production, {**production, "JIEBAN_SEAL_KEY": str(tmp_path / "none.pem")}):
        with pytest.raises(SettingsError) as caught:
            load(given, tmp_path)
        assert "JIEBAN_SEAL_KEY must name the file" in caught.value.facts["faults"]
    given = {**production, "JIEBAN_SEAL_KEY": str(a_file(tmp_path))}
    assert load(given, tmp_path).seal_key == tmp_path / "seal_key.pem"


def test_entries_may_be_hashed_by_the_national_standard(tmp_path: Path) -> None:
    assert load({}, tmp_path).digest == "sha256"
    assert load({"JIEBAN_DIGEST": "sm3"}, tmp_path).digest == "sm3"
    with pytest.raises(SettingsError) as caught:
        load({"JIEBAN_DIGEST": "md5"}, tmp_path)
    assert "JIEBAN_DIGEST must be one of sha256, sm3" in caught.value.facts["faults"]


def test_a_model_is_a_folder_on_this_machine(tmp_path: Path) -> None:
    assert load({}, tmp_path).embedding_model is None
    settings = load({"JIEBAN_EMBEDDING_MODEL": str(tmp_path)}, tmp_path)
    assert settings.embedding_model == tmp_path


def test_another_engine_is_one_setting_and_celery_needs_its_broker(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert (settings.engine, settings.broker_url) == ("local", None)
    postgresql = {"JIEBAN_DATABASE_URL": "postgresql://u@h/d"}
    settings = load({"JIEBAN_ENGINE": "procrastinate", **postgresql}, tmp_path)
    assert settings.engine == "procrastinate"
    broker = {"JIEBAN_BROKER_URL": "redis://127.0.0.1:6379/0"}
    settings = load({"JIEBAN_ENGINE": "celery", **broker}, tmp_path)
    assert settings.broker_url == broker["JIEBAN_BROKER_URL"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"JIEBAN_ENGINE": "rq"}, "JIEBAN_ENGINE must be one of local, procrastinate, celery"),
        ({"JIEBAN_ENGINE": "procrastinate"}, "needs a postgresql:// JIEBAN_DATABASE_URL"),
        ({"JIEBAN_ENGINE": "celery"}, "JIEBAN_ENGINE=celery needs JIEBAN_BROKER_URL"),
        (
            {"JIEBAN_BROKER_URL": "http://x"},
            "JIEBAN_BROKER_URL must be a redis(s):// or amqp(s)://",
        ),
    ],
)
def test_what_an_engine_lacks_is_named(tmp_path: Path, given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(given, tmp_path)
    assert said in caught.value.facts["faults"]


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    given = {"JIEBAN_EMBEDDING_MODEL": "BAAI/bge-small-zh", "JIEBAN_ENGINE": "steam"}
    with pytest.raises(SettingsError) as caught:
        load(given, tmp_path)
    assert "JIEBAN_EMBEDDING_MODEL must be a folder" in caught.value.facts["faults"]
    assert "JIEBAN_ENGINE" in caught.value.facts["faults"]


@pytest.mark.parametrize(
    ("url", "environment", "fault"),
    [
        ("https://k:s@sms.example.cn/bridge", "production", None),
        ("http://k:s@127.0.0.1:9", "test", None),
        ("http://k:s@sms.example.cn", "production", "must be an https address"),
        ("sms.example.cn", "test", "must be an https address"),
        ("https://sms.example.cn", "test", "must hold key and secret"),
    ],
)
def test_the_gateway_for_short_messages_has_key_and_secret_and_tls(
    tmp_path: Path, url: str, environment: str, fault: str | None
) -> None:
    given = {
        "JIEBAN_SMS_URL": url,
        "JIEBAN_ENV": environment,
        "JIEBAN_SECRET_KEY": "s" * 40,
        "JIEBAN_BASE_URL": "https://example.cn",
        "JIEBAN_SEAL_KEY": str(a_file(tmp_path)),
    }
    if fault is None:
        assert load(given, tmp_path).sms_url == url
        return
    with pytest.raises(SettingsError) as caught:
        load(given, tmp_path)
    assert f"JIEBAN_SMS_URL {fault}" in caught.value.facts["faults"]
