"""Single changes somebody with the database in hand, and no key, could make."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text, update

from app.adapters.signing import SealSigner
from app.db import metadata
from app.domain.audit_entry import SealHead, leaf_hash, merkle_root
from app.domain.ids import new_id

ENTRIES: Table = metadata.tables["audit_entries"]
SEALS: Table = metadata.tables["audit_seals"]
DAYS: Table = metadata.tables["calendar_days"]
TABLES = (ENTRIES, SEALS, DAYS)
Row = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """A fault of one of these kinds must name this."""

    kinds: frozenset[str]
    name: str

    def is_met_by(self, faults: list[Row]) -> bool:
        return any(
            fault["kind"] in self.kinds and self.name in map(str, fault.values())
            for fault in faults
        )


def expect(name: object, *kinds: str) -> Expected:
    return Expected(frozenset(kinds), str(name))


def disarm(engine: Engine) -> None:
    """Do what an administrator of the database can: remove the triggers."""
    with engine.begin() as connection:
        for table in TABLES:
            for trigger in _triggers(connection, table.name):
                on = f" ON {table.name}" if engine.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER {trigger}{on}"))


def _triggers(connection: Connection, table: str) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass)"
        query += " AND NOT tgisinternal"
    return list(connection.execute(text(query), {"table": table}).scalars())


def copy(connection: Connection) -> dict[str, list[Row]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in TABLES
    }


def restore(connection: Connection, kept: dict[str, list[Row]]) -> None:
    for table in TABLES:
        connection.execute(delete(table))
        connection.execute(insert(table), kept[table.name])


def pick(connection: Connection, chance: random.Random, table: Table, *where: Any) -> Row:
    rows = connection.execute(select(table).where(*where).order_by(table.c.id)).mappings().all()
    return dict(chance.choice(rows))


def alter(connection: Connection, table: Table, row: Row, **values: Any) -> None:
    connection.execute(update(table).where(table.c.id == row["id"]).values(**values))


def sealed(connection: Connection, chance: random.Random) -> Row:
    return pick(connection, chance, ENTRIES, ENTRIES.c.seq.is_not(None))


def another_body(row: Row) -> str:
    body = json.loads(row["body"])
    body["row"] = {**(body["row"] or {}), "name": "changed"}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def edit_body(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    at = chance.randrange(len(row["body"]))
    letter = "x" if row["body"][at] != "x" else "y"
    alter(connection, ENTRIES, row, body=row["body"][:at] + letter + row["body"][at + 1 :])
    return expect(row["id"], "entry.changed")


def edit_body_and_leaf(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    body = another_body(row)
    alter(connection, ENTRIES, row, body=body, leaf=leaf_hash(body))
    return expect(row["id"], "entry.forged")


def edit_label(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    value: Row = chance.choice(
        [{"action": "calendar_day.other"}, {"actor_id": new_id()}, {"entity_version": 977}]
    )
    alter(connection, ENTRIES, row, **value)
    return expect(row["id"], "entry.mislabelled")


def edit_mark(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    alter(connection, ENTRIES, row, mac=row["mac"][::-1])
    return expect(row["id"], "entry.forged")


def delete_sealed(connection: Connection, chance: random.Random) -> Expected:
    row = sealed(connection, chance)
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == row["id"]))
    return expect(row["seq"], "entry.missing")


def delete_unsealed(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES, ENTRIES.c.seq.is_(None))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == row["id"]))
    kinds = ("row.differs", "row.unproven", "entry.version_missing")
    return expect(row["entity_id"], *kinds)


def insert_without_key(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    body = another_body(row)
    key = new_id()
    values = {"id": key, "entity_id": new_id(), "entity_version": 1, "seq": None}
    values |= {"body": body, "leaf": leaf_hash(body), "mac": "0" * 64}
    connection.execute(insert(ENTRIES).values({**row, **values}))
    return expect(key, "entry.forged")


def insert_copy(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, ENTRIES)
    key = new_id()
    values = {"id": key, "entity_version": row["entity_version"] + 50, "seq": None}
    connection.execute(insert(ENTRIES).values({**row, **values}))
    return expect(key, "entry.mislabelled")


def swap_numbers(connection: Connection, chance: random.Random) -> Expected:
    one = sealed(connection, chance)
    other = pick(connection, chance, ENTRIES, ENTRIES.c.seq.is_not(None), ENTRIES.c.id != one["id"])
    alter(connection, ENTRIES, one, seq=-1)
    alter(connection, ENTRIES, other, seq=one["seq"])
    alter(connection, ENTRIES, one, seq=other["seq"])
    return expect(seal_of(connection, one["seq"])["number"], "seal.broken")


def seal_of(connection: Connection, seq: int) -> Row:
    found = select(SEALS).where(SEALS.c.first_seq <= seq, SEALS.c.last_seq >= seq)
    return dict(connection.execute(found).mappings().one())


def truncate_tail(connection: Connection, _chance: random.Random) -> Expected:
    """Take the last seal, everything under it and everything after it."""
    last = connection.execute(select(SEALS).order_by(SEALS.c.number.desc()).limit(1)).mappings()
    seal = last.one()
    tail = (ENTRIES.c.seq >= seal["first_seq"]) | ENTRIES.c.seq.is_(None)
    newest = select(ENTRIES.c.entity_id).where(tail, ENTRIES.c.entity == "calendar_days").limit(1)
    entity_id = connection.execute(newest).scalar_one()
    connection.execute(delete(ENTRIES).where(tail))
    connection.execute(delete(SEALS).where(SEALS.c.id == seal["id"]))
    return expect(entity_id, "row.differs", "row.unproven")


def edit_seal(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, SEALS)
    column = chance.choice(["root", "previous", "digest", "last_seq"])
    value = row[column] + 1 if column == "last_seq" else "f" * 64
    alter(connection, SEALS, row, **{column: value})
    return expect(row["number"], "seal.changed", "seal.forged")


def edit_seal_mark(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, SEALS)
    alter(connection, SEALS, row, mac="f" * 64)
    return expect(row["number"], "seal.forged")


def delete_seal(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, SEALS)
    last = connection.execute(select(func.max(SEALS.c.number))).scalar_one()
    connection.execute(delete(SEALS).where(SEALS.c.id == row["id"]))
    if row["number"] == last:
        return expect(row["first_seq"], "entry.without_seal")
    return expect(row["number"], "seal.missing")


def seal_anew_without_key(connection: Connection, chance: random.Random) -> Expected:
    """Change an entry and build its seal anew, all but the marks."""
    row = sealed(connection, chance)
    body = another_body(row)
    alter(connection, ENTRIES, row, body=body, leaf=leaf_hash(body))
    seal = seal_of(connection, row["seq"])
    span = ENTRIES.c.seq.between(seal["first_seq"], seal["last_seq"])
    leaves = connection.execute(select(ENTRIES.c.leaf).where(span).order_by(ENTRIES.c.seq))
    root = merkle_root(list(leaves.scalars()))
    names = ("number", "first_seq", "last_seq")
    head = SealHead(*(seal[name] for name in names), root, seal["previous"])
    alter(connection, SEALS, seal, root=root, digest=head.digest())
    return expect(seal["number"], "seal.forged")


def rename_hash(connection: Connection, chance: random.Random) -> Expected:
    """Let an entry or a seal name a hash that there is not."""
    if chance.random() < 0.5:
        row = pick(connection, chance, ENTRIES)
        alter(connection, ENTRIES, row, algorithm="sha25a")
        return expect(row["id"], "entry.changed")
    row = pick(connection, chance, SEALS)
    alter(connection, SEALS, row, algorithm="sha25a")
    return expect(row["number"], "seal.changed")


def strip_signature(connection: Connection, chance: random.Random) -> Expected:
    """Take a signature away, as if there had been no key yet."""
    row = pick(connection, chance, SEALS, SEALS.c.number > 1)
    alter(connection, SEALS, row, signature=None, key_id=None)
    return expect(row["number"], "seal.unsigned")


def sign_with_another_key(connection: Connection, chance: random.Random) -> Expected:
    """Sign a seal with a key of one's own, named or under the name of the right one."""
    row = pick(connection, chance, SEALS)
    own = SealSigner(Ed25519PrivateKey.generate()).sign(row["digest"])
    key_id = chance.choice([own.key_id, row["key_id"]])
    alter(connection, SEALS, row, signature=own.value, key_id=key_id)
    return expect(row["number"], "seal.forged")


def change_row(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, DAYS)
    value: Row = chance.choice(
        [{"name": "changed"}, {"is_confirmed": not row["is_confirmed"]}, {"version": 977}]
    )
    alter(connection, DAYS, row, **value)
    return expect(row["id"], "row.differs")


def garble_row(connection: Connection, chance: random.Random) -> Expected:
    """Write a value that no row can hold."""
    row = pick(connection, chance, DAYS)
    if connection.dialect.name != "sqlite":
        # There the types of columns refuse what the constraint let in.
        connection.execute(
            text("ALTER TABLE calendar_days DROP CONSTRAINT IF EXISTS ck_calendar_days_day_kind")
        )
    else:
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    connection.execute(
        text("UPDATE calendar_days SET kind = 'nonsense' WHERE id = :id"),
        {"id": row["id"].hex if connection.dialect.name == "sqlite" else row["id"]},
    )
    return expect(row["id"], "row.unreadable")


def delete_row(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, DAYS)
    connection.execute(delete(DAYS).where(DAYS.c.id == row["id"]))
    return expect(row["id"], "row.missing")


def insert_row(connection: Connection, chance: random.Random) -> Expected:
    row = pick(connection, chance, DAYS)
    key = new_id()
    later = row["day"].replace(year=2090 + chance.randrange(9))
    connection.execute(insert(DAYS).values({**row, "id": key, "day": later}))
    return expect(key, "row.unproven")


Tamper = Callable[[Connection, random.Random], Expected]
TAMPERS: tuple[Tamper, ...] = (
    edit_body,
    edit_body_and_leaf,
    edit_label,
    edit_mark,
    delete_sealed,
    delete_unsealed,
    insert_without_key,
    insert_copy,
    swap_numbers,
    truncate_tail,
    edit_seal,
    edit_seal_mark,
    delete_seal,
    seal_anew_without_key,
    rename_hash,
    strip_signature,
    sign_with_another_key,
    change_row,
    garble_row,
    delete_row,
    insert_row,
)
