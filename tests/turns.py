"""On which database a test runs: one of the two by turns, or both.

A test that asks for `dialect` runs on one. A test about the database itself, its locks,
constraints and statements, is marked `@on_each`; a module of such tests says
`from tests.turns import on_both as dialect`.
"""

import sys
from zlib import crc32

import pytest

from tests.depth import THOROUGH

DIALECTS = ("sqlite", "postgresql")
on_each = pytest.mark.parametrize("dialect", DIALECTS)


@pytest.fixture(params=DIALECTS if THOROUGH else ["by turns"])
def by_turns(request: pytest.FixtureRequest) -> str:
    """The database of a test: always the same one of the two; in a thorough run both."""
    if request.param in DIALECTS:
        return str(request.param)
    # Printed where the test fails.
    turn = DIALECTS[crc32(request.node.nodeid.encode()) % len(DIALECTS)]
    sys.stdout.write(f"on {turn}\n")
    return turn


@pytest.fixture(params=DIALECTS)
def on_both(request: pytest.FixtureRequest) -> str:
    return str(request.param)
