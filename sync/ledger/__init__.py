"""The ledger: one SQLite file with facts, debts and the journal that vouches for them."""
