"""Jieban: the service behind a district pool of experts and its founders."""
