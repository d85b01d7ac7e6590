"""Rules of reminders: one line of plain Vietnamese, the dates it means, and the same rule said back in one line."""
