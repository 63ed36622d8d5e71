"""Douyin life services (platform-contracts.md 1)."""
