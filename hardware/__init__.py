"""Devices: they know no voucher and no window."""
