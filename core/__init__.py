"""The ground the rooms stand on: errors, messages, settings, console. Knows nothing of titles."""
