"""Tests of what an account needs."""
