"""The face of a certificate as data, and the facts that fill it."""
