"""The public site: verification, results, bulk checks, receipts."""
