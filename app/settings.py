"""One frozen Settings, read once; the only reader of the environment."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.audit_entry import ALGORITHM, ALGORITHMS
from app.domain.clock import Clock, FileClock, SystemClock
from app.domain.errors import DomainError


class Environment(StrEnum):
    """Where the service runs."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


ENGINES = ("local", "procrastinate", "celery")
BROKERS = ("redis", "rediss", "amqp", "amqps")
DEFAULT_DATABASE_URL = "sqlite:///var/jieban.db"
SHORTEST_SECRET = 32
_MAILBOX = re.compile(r"[^@\s;:,]+@[^@\s;:,]+")


class SettingsError(DomainError):
    """The environment is incomplete or wrong; `facts` names every fault."""

    default_code = "settings.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the environment decides."""

    environment: Environment
    database_url: str
    secret_key: str
    site_name: str
    base_url: str
    smtp_url: str | None
    clock_file: Path | None
    engine: str
    broker_url: str | None = None
    embedding_model: Path | None
    mailbox: str | None = None
    sms_url: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    seal_key: Path | None = None
    digest: str = ALGORITHM
    attachments: Path = Path("var/attachments")

    @property
    def is_production(self) -> bool:
        """Tell whether real people's data is at stake."""
        return self.environment is Environment.PRODUCTION

    @property
    def has_https(self) -> bool:
        """Tell whether people reach the service over TLS."""
        return self.base_url.startswith("https://")

    def clock(self) -> Clock:
        """Return the clock that all processes of this installation share."""
        return FileClock(self.clock_file) if self.clock_file else SystemClock()


def load(environ: Mapping[str, str], root: Path) -> Settings:
    """Read the settings; relative SQLite paths and the demo's secret lie under `root`.

    Raises:
        SettingsError: naming every missing or malformed value at once.
    """
    faults: list[str] = []
    environment = _environment(environ.get("JIEBAN_ENV", "demo"), faults)
    production = environment is Environment.PRODUCTION
    base_url = environ.get("JIEBAN_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    _check_base_url(base_url, production, faults)
    clock_file = environ.get("JIEBAN_CLOCK_FILE")
    if clock_file and production:
        faults.append("JIEBAN_CLOCK_FILE is refused in production")
    secret = _secret(environ.get("JIEBAN_SECRET_KEY", ""), production, faults)
    model = environ.get("JIEBAN_EMBEDDING_MODEL")
    if model and not Path(model).is_dir():
        faults.append("JIEBAN_EMBEDDING_MODEL must be a folder; models are not downloaded")
    url = environ.get("JIEBAN_DATABASE_URL", DEFAULT_DATABASE_URL)
    if not url.startswith(("sqlite:///", "postgresql")):
        faults.append("JIEBAN_DATABASE_URL must be a sqlite:/// or postgresql:// address")
    engine, broker_url = _engine(environ, url, faults)
    mailbox = _mailbox(environ.get("JIEBAN_MAILBOX"), faults)
    sms_url = _sms_url(environ.get("JIEBAN_SMS_URL"), production, faults)
    seal_key = _seal_key(environ.get("JIEBAN_SEAL_KEY"), root, production, faults)
    digest = _digest(environ.get("JIEBAN_DIGEST", ALGORITHM), faults)
    attachments = _attachments(environ.get("JIEBAN_ATTACHMENTS"), root, faults)
    if faults:
        raise SettingsError(faults="; ".join(faults))
    return Settings(
        environment=environment,
        database_url=_absolute(url, root),
        secret_key=secret or kept_secret(root / "var" / "secret_key"),
        site_name=environ.get("JIEBAN_SITE_NAME", "历城创业导师"),
        base_url=base_url,
        smtp_url=environ.get("JIEBAN_SMTP_URL") or None,
        clock_file=Path(clock_file) if clock_file else None,
        engine=engine,
        broker_url=broker_url,
        embedding_model=Path(model) if model else None,
        mailbox=mailbox,
        sms_url=sms_url,
        webhook_hosts=_hosts(environ.get("JIEBAN_WEBHOOK_HOSTS", "")),
        seal_key=seal_key,
        digest=digest,
        attachments=attachments,
    )


def kept_secret(path: Path) -> str:
    """Return the secret kept in the file, made at the first call; readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _environment(value: str, faults: list[str]) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        faults.append("JIEBAN_ENV must be demo, test or production")
        return Environment.DEMO


def _secret(value: str, production: bool, faults: list[str]) -> str:
    if value and len(value) < SHORTEST_SECRET:
        faults.append(f"JIEBAN_SECRET_KEY needs at least {SHORTEST_SECRET} characters")
    if production and not value:
        faults.append("JIEBAN_SECRET_KEY is required in production")
    return value


def _engine(
    environ: Mapping[str, str], database_url: str, faults: list[str]
) -> tuple[str, str | None]:
    engine = environ.get("JIEBAN_ENGINE", "local")
    broker_url = environ.get("JIEBAN_BROKER_URL") or None
    if engine not in ENGINES:
        faults.append(f"JIEBAN_ENGINE must be one of {', '.join(ENGINES)}")
    if engine == "procrastinate" and not database_url.startswith("postgresql"):
        faults.append("JIEBAN_ENGINE=procrastinate needs a postgresql:// JIEBAN_DATABASE_URL")
    if engine == "celery" and broker_url is None:
        faults.append("JIEBAN_ENGINE=celery needs JIEBAN_BROKER_URL")
    if broker_url and urlsplit(broker_url).scheme not in BROKERS:
        faults.append("JIEBAN_BROKER_URL must be a redis(s):// or amqp(s):// address")
    return engine, broker_url


def _mailbox(value: str | None, faults: list[str]) -> str | None:
    if value and not _MAILBOX.fullmatch(value):
        faults.append("JIEBAN_MAILBOX must be a mail address")
    return value or None


def _hosts(value: str) -> frozenset[str]:
    return frozenset(host.strip().lower() for host in value.split(",") if host.strip())


def _sms_url(value: str | None, production: bool, faults: list[str]) -> str | None:
    """Return the gateway's address; neither telephone numbers nor words travel in clear."""
    if not value:
        return None
    parts = urlsplit(value)
    allowed = ("https",) if production else ("https", "http")
    if parts.scheme not in allowed or not parts.hostname:
        faults.append(f"JIEBAN_SMS_URL must be an {allowed[0]} address")
    elif not (parts.username and parts.password):
        faults.append("JIEBAN_SMS_URL must hold key and secret: https://key:secret@host/…")
    return value


def _seal_key(value: str | None, root: Path, production: bool, faults: list[str]) -> Path:
    """Return where the private key of seals lies; the demo makes its own at the first start."""
    if production and not (value and Path(value).is_file()):
        faults.append("JIEBAN_SEAL_KEY must name the file of an Ed25519 private key in production")
    return Path(value) if value else root / "var" / "seal_key.pem"


def _attachments(value: str | None, root: Path, faults: list[str]) -> Path:
    """Return where the bytes of attachments lie; what is named must be there, as a backup is."""
    if value and not Path(value).is_dir():
        faults.append("JIEBAN_ATTACHMENTS must be a folder")
    return Path(value) if value else root / "var" / "attachments"


def _digest(value: str, faults: list[str]) -> str:
    if value not in ALGORITHMS or value not in hashlib.algorithms_available:
        faults.append(f"JIEBAN_DIGEST must be one of {', '.join(ALGORITHMS)} that Python offers")
    return value


def _check_base_url(base_url: str, production: bool, faults: list[str]) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        faults.append("JIEBAN_BASE_URL must be an http(s) address")
    elif production and parts.scheme != "https":
        faults.append("JIEBAN_BASE_URL must be https in production")


def _absolute(url: str, root: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith(prefix + "/"):
        return url
    path = root / url.removeprefix(prefix)
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"{prefix}{path}"
