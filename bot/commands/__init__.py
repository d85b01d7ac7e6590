"""One file per command of `nghedan`."""
