"""Around the applications: progress, archive, misconduct (诚信档案)."""
