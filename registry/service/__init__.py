"""What the register does for people beside certificates: progress, scanned forms, who looked one up, leaving."""
