"""What operators and translators run: drills, checks and measurements."""
