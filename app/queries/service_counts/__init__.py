"""Figures by month, the rows behind each, and what a year looks like."""
