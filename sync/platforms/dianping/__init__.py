"""Dianping's old interface, for shops whose contract still runs on it (platform-contracts.md 2.5)."""
