"""Pages for people: read the form, run the use case, redirect."""
