"""Somebody with all rights on the database and no key, who changes one thing of the trail."""

import random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from app.adapters.signing import SealSigner
from app.domain.audit_entry import SealHead, leaf_hash, merkle_root

# A mark proves a thing to the service alone; the moment of sealing is told and not proved.
UNPROVED = {
    "audit_entries": frozenset({"mac"}),
    "audit_seals": frozenset({"mac", "sealed_at"}),
}
Row = dict[str, Any]


class Attacker:
    """Changes one thing of a table, with everything the database can do and without a key."""

    def __init__(self, connection: Connection, dice: random.Random) -> None:
        self._on = connection
        self._dice = dice
        self.did = ""

    def row(self, table: str) -> Row:
        """Return a row of the table by chance."""
        number = self._on.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        chosen = text(f"SELECT * FROM {table} ORDER BY id LIMIT 1 OFFSET :place")
        place = self._dice.randrange(number)
        return dict(self._on.execute(chosen, {"place": place}).mappings().one())

    def put(self, table: str, row: Row, **values: Any) -> None:
        """Write values into one row."""
        sets = ", ".join(f'"{name}" = :{name}' for name in values)
        self._on.execute(
            text(f"UPDATE {table} SET {sets} WHERE id = :the_row"), {"the_row": row["id"], **values}
        )

    def edit(self, table: str) -> None:
        """Change one value of one row."""
        row = self.row(table)
        aside = UNPROVED.get(table, frozenset()) | {"id"}
        name = self._dice.choice([name for name in row if name not in aside])
        self._free(table)
        other = self._far(row[name]) if name in self._unique(table) else self._other(row[name])
        self.did = f"{name}: {row[name]!r} -> {other!r}"
        self.put(table, row, **{name: other})

    def delete(self, table: str) -> None:
        """Take one row out."""
        row = self.row(table)
        self._on.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": row["id"]})

    def insert(self, table: str) -> None:
        """Put a copy of a row in, under another key, past every unique index."""
        row = self.row(table)
        self._free(table)
        new = {**row, "id": f"{self._dice.getrandbits(128):032x}"}
        for name, value in row.items():
            if name in self._unique(table) and name != "id":
                new[name] = self._far(value)
        names, marks = ", ".join(f'"{n}"' for n in new), ", ".join(f":{n}" for n in new)
        self._on.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), new)

    def edit_with_entry(self, table: str) -> None:
        """Change an entry's body and leaf, and build roots and chain anew; the key is missing."""
        row = self.row("audit_entries")
        body = row["body"].replace('"version":', '"version": ', 1)
        self.put("audit_entries", row, body=body, leaf=leaf_hash(body))
        self._chain_anew()

    def swap(self, table: str) -> None:
        """Let two entries change places."""
        one, other = self.row("audit_entries"), self.row("audit_entries")
        while other["id"] == one["id"]:
            other = self.row("audit_entries")
        self.put("audit_entries", one, seq=-1)
        self.put("audit_entries", other, seq=one["seq"])
        self.put("audit_entries", one, seq=other["seq"])

    def cut_off(self, table: str) -> None:
        """Take the newest seal out with everything under it."""
        last = self._on.execute(text("SELECT max(number) FROM audit_seals")).scalar_one()
        under = "seq >= (SELECT first_seq FROM audit_seals WHERE number = :last)"
        self._on.execute(text(f"DELETE FROM audit_entries WHERE {under}"), {"last": last})
        self._on.execute(text("DELETE FROM audit_seals WHERE number = :last"), {"last": last})

    def sign_anew(self, table: str) -> None:
        """Sign a seal with a key of one's own."""
        row = self.row("audit_seals")
        own = SealSigner(Ed25519PrivateKey.generate()).sign(row["digest"])
        key_id = self._dice.choice([own.key_id, row["key_id"]])
        self.put("audit_seals", row, signature=own.value, key_id=key_id)

    def _chain_anew(self) -> None:
        previous = None
        seals = self._on.execute(text("SELECT * FROM audit_seals ORDER BY number")).mappings()
        for row in map(dict, seals.all()):
            span = {"first": row["first_seq"], "last": row["last_seq"]}
            leaves = self._on.execute(
                text(
                    "SELECT leaf FROM audit_entries WHERE seq BETWEEN :first AND :last ORDER BY seq"
                ),
                span,
            )
            root = merkle_root(list(leaves.scalars()))
            numbers = (row["number"], row["first_seq"], row["last_seq"])
            head = SealHead(*numbers, root, previous or row["previous"])
            previous = head.digest()
            self.put("audit_seals", row, root=root, previous=head.previous, digest=previous)

    def _other(self, value: Any) -> Any:
        if value is None:
            return self._dice.choice(["x", 1])
        if isinstance(value, int):
            return value + self._dice.choice([-1, 1])
        if isinstance(value, bytes):
            return value[::-1] + b"x"
        if not value:
            return "x"
        place = self._dice.randrange(len(value))
        letter = "a" if value[place] != "a" else "b"
        return value[:place] + letter + value[place + 1 :]

    def _far(self, value: Any) -> Any:
        """Return a value that no other row has."""
        far = self._dice.getrandbits(40) + 10**12
        return far if isinstance(value, int) else f"{self._dice.getrandbits(128):032x}"

    def _free(self, table: str) -> None:
        """Take every unique index off the table that can be."""
        for index in self._indexes(table):
            self._on.execute(text(f'DROP INDEX "{index}"'))

    def _indexes(self, table: str) -> list[str]:
        own = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        found = self._on.execute(text(f"{own} AND tbl_name = :table"), {"table": table})
        return list(found.scalars())

    def _unique(self, table: str) -> set[str]:
        names = set()
        for index in self._on.execute(text(f"PRAGMA index_list({table})")).mappings().all():
            if index["unique"]:
                held = self._on.execute(text(f'PRAGMA index_info("{index["name"]}")')).mappings()
                names |= {each["name"] for each in held}
        return names
