"""Sets of citizens' questions, written by hand, and what it takes to score a matcher on them."""
