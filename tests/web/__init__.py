"""Tests of the web chat: its routes over real HTTP, its page in a real browser."""
