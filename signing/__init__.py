"""Signing (签章): keys, seals, PAdES signatures, credentials, validation. Knows nothing of titles."""

import warnings

# cryptography counts the bytes of a name where RFC 5280 counts characters; Chinese names of real authorities exceed that.
warnings.filterwarnings("ignore", message="Attribute's length must be", category=UserWarning)
