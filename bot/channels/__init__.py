"""One file (or folder) per channel; which ones exist is said in bot/app.py alone."""
