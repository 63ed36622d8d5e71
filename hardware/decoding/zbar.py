"""ZBar behind pyzbar: a second opinion the program can live without."""

from functools import cache
from types import ModuleType

from hardware.decoding.frame import GreyFrame
from hardware.decoding.symbol import Reading


def read(frame: GreyFrame) -> list[Reading]:
    """The QR codes in the frame; empty when there is none, without the library, or where ZBar chokes.

    Codes beyond ASCII are left to other decoders: ZBar guesses their encoding and gives other bytes than the code's.
    """
    pyzbar = library()
    if pyzbar is None:
        return []
    try:
        codes = pyzbar.decode(frame, symbols=[pyzbar.ZBarSymbol.QRCODE])
        payloads = [bytes(code.data) for code in codes]
    # Structured append raises ValueError; what else a hostile code provokes cannot be listed.
    except Exception:  # noqa: BLE001
        return []
    return [Reading(raw.decode("ascii"), "QR Code", raw) for raw in payloads if raw and raw.isascii()]


@cache
def library() -> ModuleType | None:
    """pyzbar, or None where it or libzbar is missing; asked once, for a search costs more than a frame."""
    try:
        from pyzbar import pyzbar
    # ImportError on Linux, but FileNotFoundError or OSError from a Windows DLL that lacks its runtime.
    except (ImportError, OSError):
        return None
    module: ModuleType = pyzbar
    return module
