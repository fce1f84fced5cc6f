"""CMS (RFC 5652) and DER: reading, the skeleton of a signature, its one spelling."""
