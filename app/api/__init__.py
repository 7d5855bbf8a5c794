"""JSON for machines: the same use cases as the pages, by bearer token."""
