"""Batches as pages, commands and use cases read them."""
