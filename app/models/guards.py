"""Laws that columns cannot state: exclusive claims, legal steps, rows that never change.

PostgreSQL keeps them as an exclusion constraint and triggers, SQLite as triggers. The first
migration to hold a guarded table creates the same; a test compares both.
"""

from collections.abc import Iterator

from sqlalchemy import DDL, event

from app.db import metadata, on_violation
from app.domain.booking import status_pairs
from app.domain.errors import ConflictError

APPEND_ONLY = (
    "outcome_versions",
    "confirmations",
    "counting_policies",
    "service_records",
    "periods",
    "published_figures",
    "adjustments",
    "person_aliases",
    "audit_seals",
    "access_entries",
)
NEVER_DELETED = (
    "appointments",
    "attendances",
    "audit_entries",
    "bookings",
    "calendar_days",
    "corrections",
    "declared_interests",
    "disputes",
    "outcomes",
    "person_doubles",
    "service_sessions",
)

# What came after the migration of the guards, by the migration that makes the table.
NEVER_DELETED_SINCE: dict[str, tuple[str, ...]] = {
    "0011": ("waivers",),
    "0015": ("matcher_versions", "learning_switches"),
    "0016": ("tasks",),
    "diagnoses": (
        "diagnoses",
        "diagnosis_materials",
        "diagnosis_notes",
        "diagnosis_findings",
    ),
    "diagnosis_reports": ("action_items",),
    "0018": ("places",),
    "0020": ("desk_entries",),
    "0024": ("paper_sheets", "paper_sheet_rows"),
    "0026": ("suspensions",),
    "0030": ("written_answers",),
    "0033": ("expert_leaves",),
    "0044": ("follow_ups",),
    "0051": ("tickets",),
    "attachments": ("attachments",),
    "plan_figures": ("reported_figures", "support_items", "opening_lists", "opening_rows"),
    "policy_changes": ("policy_changes",),
    "appeals": ("appeals",),
    "signals": ("signals",),
    "log_lines": ("log_lines",),
    "certificates": ("certificates",),
    "dismissals_and_claims": ("dismissals", "claims"),
    "progress_table": ("progress_rounds", "progress_entries"),
    "errata": ("errata",),
    "honours": ("honours",),
    "stand_downs": ("stand_downs",),
}
APPEND_ONLY_SINCE = {
    "0020": ("consents",),
    "diagnoses": ("diagnosis_recusals",),
    "diagnosis_reports": (
        "diagnosis_reports",
        "diagnosis_signatures",
        "diagnosis_presentations",
        "diagnosis_words",
    ),
    "0029": ("score_sheets",),
    "0051": ("ticket_tries",),
    "duty_policies": ("duty_policies",),
    "plan_figures": ("indicator_bases",),
    "appeals": ("policy_numbers",),
    "venture_registrations": ("venture_registrations",),
    "samples": ("samples", "sample_calls"),
    "signals": ("signal_policies", "signal_notes"),
    "points": ("point_rules", "point_entries"),
    "dismissals_and_claims": ("renewal_reasons",),
    "appraisals": ("appraisals",),
    "progress_table": ("progress_steps",),
    "withdrawn_consents": ("consent_withdrawals", "published_groups"),
    "erasures": ("erasures", "archived_sessions"),
    "published_reports": ("published_reports",),
}
STEPS_SINCE = {"0024": (("fulfilled", "cancelled"),)}
_LATER_STEPS = tuple(step for steps in STEPS_SINCE.values() for step in steps)
_LATER_NUMBER = 1000

POSTGRESQL_CLAIMS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE resource_claims ADD CONSTRAINT ex_resource_claims_no_overlap EXCLUDE USING gist"
    " (resource_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (is_active)",
)
_SQLITE_OVERLAP = (
    " BEGIN SELECT RAISE(ABORT, 'ex_resource_claims_no_overlap') WHERE NEW.is_active AND EXISTS"
    " (SELECT 1 FROM resource_claims c WHERE c.resource_id = NEW.resource_id AND c.is_active"
    " AND c.id <> NEW.id AND c.starts_at < NEW.ends_at AND c.ends_at > NEW.starts_at); END"
)
SQLITE_CLAIMS = (
    "CREATE TRIGGER tr_resource_claims_insert BEFORE INSERT ON resource_claims" + _SQLITE_OVERLAP,
    "CREATE TRIGGER tr_resource_claims_update"
    " BEFORE UPDATE OF resource_id, starts_at, ends_at, is_active ON resource_claims"
    + _SQLITE_OVERLAP,
)
POSTGRESQL_STATUS = (
    "CREATE FUNCTION refuse_booking_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM booking_transitions t"
    " WHERE t.from_status = OLD.status AND t.to_status = NEW.status)"
    " THEN RAISE EXCEPTION 'tr_bookings_status' USING ERRCODE = 'integrity_constraint_violation',"
    " CONSTRAINT = 'tr_bookings_status'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_bookings_status BEFORE UPDATE OF status ON bookings"
    " FOR EACH ROW EXECUTE FUNCTION refuse_booking_step()",
)
SQLITE_STATUS = (
    "CREATE TRIGGER tr_bookings_status BEFORE UPDATE OF status ON bookings"
    " WHEN NEW.status <> OLD.status BEGIN SELECT RAISE(ABORT, 'tr_bookings_status')"
    " WHERE NOT EXISTS (SELECT 1 FROM booking_transitions t"
    " WHERE t.from_status = OLD.status AND t.to_status = NEW.status); END",
)
POSTGRESQL_REFUSAL = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'tr_append_only' USING ERRCODE = 'integrity_constraint_violation',"
    " CONSTRAINT = 'tr_append_only'; END $$"
)
# An entry is sealed once: seq goes from null to a number and nothing else ever changes.
POSTGRESQL_SEALING = (
    "CREATE FUNCTION refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.seq IS NOT NULL OR NEW.seq IS NULL OR to_jsonb(NEW) - 'seq' <> to_jsonb(OLD) - 'seq'"
    " THEN RAISE EXCEPTION 'tr_append_only' USING ERRCODE = 'integrity_constraint_violation',"
    " CONSTRAINT = 'tr_append_only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_audit_entries_update BEFORE UPDATE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION refuse_entry_change()",
)
SQLITE_SEALING = (
    "CREATE TRIGGER tr_audit_entries_seq BEFORE UPDATE OF seq ON audit_entries"
    " WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
    "CREATE TRIGGER tr_audit_entries_update BEFORE UPDATE OF id, at, actor_id, action, entity,"
    " entity_id, entity_version, body, algorithm, leaf, mac ON audit_entries"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
)
REFERENCES = ("need", "booking", "service_session", "dispute")
# What came after it; on SQLite one table numbers every noun.
REFERENCES_SINCE = {"samples": ("sample",)}
POSTGRESQL_REFERENCES = tuple(f"CREATE SEQUENCE reference_{noun}" for noun in REFERENCES)
SQLITE_REFERENCES = (
    "CREATE TABLE reference_numbers (noun TEXT PRIMARY KEY, last INTEGER NOT NULL)",
)


def refusals(dialect: str) -> Iterator[str]:
    """Yield the statements that make rows unchangeable or undeletable on the dialect."""
    for table in APPEND_ONLY:
        yield _refusal(dialect, table, "UPDATE")
        yield _refusal(dialect, table, "DELETE")
    for table in NEVER_DELETED:
        yield _refusal(dialect, table, "DELETE")


def _step(number: int, before: str, after: str) -> str:
    return (
        "INSERT INTO booking_transitions (id, from_status, to_status)"  # noqa: S608  # own values
        f" VALUES ('{number:032x}', '{before}', '{after}')"
    )


def later_statements(dialect: str) -> Iterator[str]:
    """Yield the statements for tables and steps that later migrations make."""
    for number, (before, after) in enumerate(_LATER_STEPS, start=_LATER_NUMBER):
        yield _step(number, before, after)
    if dialect == "postgresql":
        for nouns in REFERENCES_SINCE.values():
            yield from (f"CREATE SEQUENCE reference_{noun}" for noun in nouns)
    for tables in NEVER_DELETED_SINCE.values():
        for table in tables:
            yield _refusal(dialect, table, "DELETE")
    for tables in APPEND_ONLY_SINCE.values():
        for table in tables:
            yield _refusal(dialect, table, "UPDATE")
            yield _refusal(dialect, table, "DELETE")


def _refusal(dialect: str, table: str, verb: str) -> str:
    head = f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table}"
    if dialect == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END"


def statements(dialect: str) -> tuple[str, ...]:
    """Return every guard of the first migration of guards, in the order of creation."""
    steps = tuple(
        _step(number, before, after)
        for number, (before, after) in enumerate(sorted(status_pairs() - {*_LATER_STEPS}), start=1)
    )
    if dialect == "postgresql":
        return (
            *POSTGRESQL_CLAIMS,
            *steps,
            *POSTGRESQL_STATUS,
            POSTGRESQL_REFUSAL,
            *POSTGRESQL_SEALING,
            *POSTGRESQL_REFERENCES,
            *refusals(dialect),
        )
    return (
        *SQLITE_CLAIMS,
        *steps,
        *SQLITE_STATUS,
        *SQLITE_SEALING,
        *SQLITE_REFERENCES,
        *refusals(dialect),
    )


def _register() -> None:
    for dialect in ("postgresql", "sqlite"):
        for statement in (*statements(dialect), *later_statements(dialect)):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's
            ddl = ddl.execute_if(dialect=dialect)
            event.listen(metadata, "after_create", ddl)


_register()
on_violation(lambda: ConflictError("ledger.append_only"), "tr_append_only")
