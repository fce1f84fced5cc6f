"""What every page and answer shares: languages, limits, problems, security, uploads."""
