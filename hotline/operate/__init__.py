"""What operators and translators run: founding a house, its keys, backups, checks, drills and measurements."""
