"""Real browsers for tests: Chromium, and a Firefox that may have no scripts, as Tor Browser has none at "Safest"."""
