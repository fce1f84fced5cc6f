"""Examination in a limited child process."""
