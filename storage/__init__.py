"""Tables and queries, one file per subject; every function takes a session."""
