"""Print-ready sets (付印件): copies, duplex padding, A3 booklets, one merged PDF per kind with bookmarks and a list."""

from generator.documents.printing.sets import PRINT_FOLDER, print_sets

__all__ = ["PRINT_FOLDER", "print_sets"]
