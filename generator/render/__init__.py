"""One layout tree, written as PDF, DOCX, XLSX and HTML."""
