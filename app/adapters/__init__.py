"""The outside world: files, spreadsheets, mail."""
