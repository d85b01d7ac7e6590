"""The scam desk's reading of a message: links, numbers, signs, kinds of fraud. Pure: no database, no network."""
