"""The rows behind a figure, chosen, summed and paged by the database."""
