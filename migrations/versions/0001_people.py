"""Create people and accounts."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("source_ref", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column(
            "identity_level",
            sa.Enum(
                "none",
                "phone",
                "document",
                name="identity_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("source_ref", name=op.f("uq_persons_source_ref")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("wait_until", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
        sa.UniqueConstraint("login", name=op.f("uq_sign_in_failures_login")),
    )
    op.create_table(
        "accounts",
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_index(op.f("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)
    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "founder",
                "mentor",
                "officer",
                "approver",
                "dept_liaison",
                "street_liaison",
                "auditor",
                "sys_admin",
                "sec_admin",
                "audit_admin",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(role = 'dept_liaison') = (department IS NOT NULL)",
            name=op.f("ck_account_roles_department_of_liaison"),
        ),
        sa.CheckConstraint(
            "(role = 'street_liaison') = (street IS NOT NULL)",
            name=op.f("ck_account_roles_street_of_clerk"),
        ),
        sa.CheckConstraint("role <> 'system'", name=op.f("ck_account_roles_not_system")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_roles_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_roles")),
        sa.UniqueConstraint("account_id", "role", name=op.f("uq_account_roles_account_id_role")),
    )
    op.create_index(
        op.f("ix_account_roles_account_id"), "account_roles", ["account_id"], unique=False
    )
    op.create_table(
        "api_tokens",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_tokens_token_sha256")),
    )
    op.create_index(op.f("ix_api_tokens_account_id"), "api_tokens", ["account_id"], unique=False)
    op.create_table(
        "person_aliases",
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("alias_id <> person_id", name=op.f("ck_person_aliases_two_persons")),
        sa.CheckConstraint(
            "made_by_id <> checked_by_id", name=op.f("ck_person_aliases_two_officers")
        ),
        sa.ForeignKeyConstraint(
            ["alias_id"], ["persons.id"], name=op.f("fk_person_aliases_alias_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["accounts.id"],
            name=op.f("fk_person_aliases_checked_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_person_aliases_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_aliases_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_aliases")),
        sa.UniqueConstraint("alias_id", name=op.f("uq_person_aliases_alias_id")),
    )
    op.create_index(
        op.f("ix_person_aliases_alias_id"), "person_aliases", ["alias_id"], unique=False
    )
    op.create_index(
        op.f("ix_person_aliases_person_id"), "person_aliases", ["person_id"], unique=False
    )
    op.create_table(
        "person_doubles",
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                name="double_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("alias_id <> person_id", name=op.f("ck_person_doubles_two_persons")),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> made_by_id",
            name=op.f("ck_person_doubles_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["alias_id"], ["persons.id"], name=op.f("fk_person_doubles_alias_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["accounts.id"],
            name=op.f("fk_person_doubles_checked_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_person_doubles_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_doubles_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_doubles")),
    )
    op.create_index(
        op.f("ix_person_doubles_alias_id"), "person_doubles", ["alias_id"], unique=False
    )
    op.create_index(
        op.f("ix_person_doubles_person_id"), "person_doubles", ["person_id"], unique=False
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_sessions_token_sha256")),
    )
    op.create_index(
        op.f("ix_sign_in_sessions_account_id"), "sign_in_sessions", ["account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("person_doubles")
    op.drop_table("person_aliases")
    op.drop_table("api_tokens")
    op.drop_table("sign_in_failures")
    op.drop_table("sign_in_sessions")
    op.drop_table("account_roles")
    op.drop_table("accounts")
    op.drop_table("persons")
