"""The store itself: rules, ledger, platforms and reconciliation, without a window."""
