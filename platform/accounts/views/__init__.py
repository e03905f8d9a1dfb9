"""Pages of accounts: seats, colleagues, the lock and the second step, revealed values."""
