"""Labelled reports of citizens, and how well the product reads them."""
