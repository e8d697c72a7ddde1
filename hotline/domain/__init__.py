"""Nouns of the field. Values only: no input, no output, no clock."""
