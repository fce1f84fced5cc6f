"""A batch as frozen types: what was decided about whom."""
