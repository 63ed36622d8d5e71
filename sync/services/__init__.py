"""What the store does: the steps of a redemption, its debts, shifts and comparisons."""
