"""The demonstration: sample batch, second region, tour."""
