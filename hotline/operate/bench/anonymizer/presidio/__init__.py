"""Microsoft's Presidio, measured beside us: same texts, same scorer, an environment of its own."""
