"""Rules as pure functions and values; nothing here but the standard library."""
