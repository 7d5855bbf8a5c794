"""The use cases of accounts: registering, signing in and out, audits, roles, passwords, tokens."""

from app.services.accounts.auditing import (
    EXPIRE,
    NewAuditor,
    end_auditor,
    expire,
    open_auditor,
    prolong_auditor,
    watch_ends,
)
from app.services.accounts.forgetting import FORGET, forget_expired, watch_expired
from app.services.accounts.passwords import has_password, needs_rehash, password_hash
from app.services.accounts.registering import (
    NewAccount,
    change_password,
    end_sign_ins,
    grant,
    reactivate,
    register,
    revoke,
    set_password,
    suspend,
)
from app.services.accounts.signing_in import Try, begin_try, see, sign_in, sign_out
from app.services.accounts.tokens import issue_token, new_secret, revoke_tokens, secret_sha256

__all__ = [
    "EXPIRE",
    "FORGET",
    "NewAccount",
    "NewAuditor",
    "Try",
    "begin_try",
    "change_password",
    "end_auditor",
    "end_sign_ins",
    "expire",
    "forget_expired",
    "grant",
    "has_password",
    "issue_token",
    "needs_rehash",
    "new_secret",
    "open_auditor",
    "password_hash",
    "prolong_auditor",
    "reactivate",
    "register",
    "revoke",
    "revoke_tokens",
    "secret_sha256",
    "see",
    "set_password",
    "sign_in",
    "sign_out",
    "suspend",
    "watch_ends",
    "watch_expired",
]
