"""Money: whole fen, as int, everywhere; yuan only in what people read."""


def yuan(fen: int) -> str:
    """`123450` → `¥1,234.50` (screens.md, Words)."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
