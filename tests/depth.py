"""How far tests go: `make soak` goes everywhere, `make test` where it is told most in its time."""

import os

THOROUGH = bool(os.environ.get("JIEBAN_TEST_THOROUGH"))
