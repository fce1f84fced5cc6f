"""PAdES signatures: signing, extending, archiving."""
