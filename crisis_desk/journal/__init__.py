"""The only way to write: chains of entries, the transaction that appends them, and what reads them back."""
