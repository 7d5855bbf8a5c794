"""Reads for pages, API and reports: frozen rows, never a write."""
