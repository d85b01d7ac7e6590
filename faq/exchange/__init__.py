"""The knowledge base on its way out and back: an Excel workbook for offices, a JSON file for other assistants."""
