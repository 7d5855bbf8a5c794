"""Commands for operators and scripts, one file for each noun."""
