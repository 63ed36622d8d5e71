"""WeChat Shop's local-life vouchers (platform-contracts.md 3)."""
