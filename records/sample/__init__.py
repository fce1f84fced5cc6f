"""Invented batches (样例): approved, lawful, and made to show what forms must stand: rare characters, long names, long lists."""

from records.sample.batch import sample_batch
from records.sample.photos import SAMPLE_FOLDER, write_photos
from records.sample.plans import Kind

__all__ = ["SAMPLE_FOLDER", "Kind", "sample_batch", "write_photos"]
