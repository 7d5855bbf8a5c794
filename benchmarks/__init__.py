"""Repeatable measurements against named peers, as ratios."""
