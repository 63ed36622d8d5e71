"""Meituan and Dianping behind one gateway (platform-contracts.md 2)."""
