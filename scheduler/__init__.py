"""What the clock does: each job is a function of a session and a moment that writes rows and returns counts."""
