"""What answers each kind of message: synchronous functions of a Turn, without network and channel names."""
