"""The store of an installation, opened from its settings by web, jobs and commands alike."""

import hashlib
import hmac

from app.db import open_engine
from app.settings import Settings
from app.unit_of_work.store import Store


def open_store(settings: Settings) -> Store:
    """Return the store; nothing connects before it is used."""
    key = audit_key(settings.secret_key)
    return Store(open_engine(settings.database_url), settings.clock(), key, settings.digest)


def audit_key(secret_key: str) -> bytes:
    """Return the key that marks audit entries: made from the secret, never kept in the database."""
    return hmac.new(secret_key.encode(), b"jieban audit key v1", hashlib.sha256).digest()


def webhook_key(secret_key: str) -> bytes:
    """Return the key from which the secrets shared with receivers of events are made."""
    return hmac.new(secret_key.encode(), b"jieban webhook key v1", hashlib.sha256).digest()


def link_key(secret_key: str) -> bytes:
    """Return the key from which the links of letters are made; it too lives outside."""
    return hmac.new(secret_key.encode(), b"jieban mail link key v1", hashlib.sha256).digest()


def plan_key(secret_key: str) -> bytes:
    """Return the key from which the marks of numbers in opening lists are made."""
    return hmac.new(secret_key.encode(), b"jieban plan key v1", hashlib.sha256).digest()


def certificate_key(secret_key: str) -> bytes:
    """Return the key from which the codes of certificates are made."""
    return hmac.new(secret_key.encode(), b"jieban certificate key v1", hashlib.sha256).digest()
