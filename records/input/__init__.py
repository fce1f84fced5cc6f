"""From workbooks and JSON to a batch: reading, checking of cells, what is missing."""
