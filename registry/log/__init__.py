"""The public log (RFC 6962): events, Merkle tree, heads, monitor."""
