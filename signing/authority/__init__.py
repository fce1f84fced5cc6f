"""The issuing authority: its keys opened, its certificates made."""
