"""Knowledge base and matching: pure functions of text and a day; no database, no network, no clock."""
