"""From a batch to registered certificates."""
