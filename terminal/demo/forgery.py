"""A dynamic code that is well formed in every way but its signature."""

# Counted from the end of a chain code: inside its signature, 60 bytes from the front of 133.
_SIGNATURE_BIT = 8 * (133 - 60 - 1)


def forge(genuine: str) -> str:
    """The same digits with one bit of the signature turned over."""
    return str(int(genuine) ^ (1 << _SIGNATURE_BIT)).zfill(len(genuine))
