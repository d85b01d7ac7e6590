"""A day of a ward in minutes: seeded people with telephones, the real program between them, and rules at the end.

Real are the intake, the worker, the router, the senders, the jobs of the clock and the database file. Pretended are
the provider (`phones.py`: limits and faults of each channel, but no HTTP) and the time: it is moved, not waited for.
"""
