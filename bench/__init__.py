"""Benchmarks: how fast the product is beside the bare parts it stands on, always measured in one run."""
