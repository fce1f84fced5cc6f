"""Signing (签章): keys, seals, PAdES signatures, credentials, validation. Knows nothing of titles."""
