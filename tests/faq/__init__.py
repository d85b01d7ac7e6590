"""Tests of the knowledge base and its matching."""
