"""The Meituan dialect: retail services and dining, both behind one gateway."""
