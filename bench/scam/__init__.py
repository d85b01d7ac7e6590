"""Labelled messages for the scam desk, and the measure of it."""
