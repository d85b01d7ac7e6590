"""The steps that bring a database of any older version to the tables of today; run by storage.migrate."""
