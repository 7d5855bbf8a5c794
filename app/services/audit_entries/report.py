"""What a verification found."""

from dataclasses import dataclass, field

MOST_NAMED = 1_000
Fault = dict[str, object]


@dataclass(slots=True)
class Report:
    """How much was looked at, and everything that is not as it was written.

    Attributes:
        entries: entries read, sealed or not.
        unsealed: those among them that no seal covers yet.
        seals: seals read.
        rows: ledger rows compared with their newest entry.
        head: number and digest of the last seal; kept elsewhere, it proves the tail.
        faults: the first thousand, each named; `total` counts them all.
    """

    entries: int = 0
    unsealed: int = 0
    seals: int = 0
    rows: int = 0
    head: tuple[int, str] | None = None
    faults: list[Fault] = field(default_factory=list)
    total: int = 0

    @property
    def is_ok(self) -> bool:
        """Tell whether everything is as it was written."""
        return self.total == 0

    def blame(self, kind: str, **what: object) -> None:
        """Note a fault."""
        self.total += 1
        if len(self.faults) < MOST_NAMED:
            self.faults.append({"kind": kind, **what})

    def as_json(self) -> dict[str, object]:
        """Return the report in the form of the command's answer."""
        number, digest = self.head or (0, None)
        return {
            "entries": self.entries,
            "seals": self.seals,
            "ok": self.is_ok,
            "faults": self.faults,
            "faults_total": self.total,
            "unsealed": self.unsealed,
            "rows": self.rows,
            "head": {"number": number, "digest": digest},
        }
