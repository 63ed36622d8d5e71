"""zxing-cpp, asked so that it neither raises nor answers with ghosts."""

from typing import Literal

import zxingcpp

from hardware.decoding.frame import GreyFrame
from hardware.decoding.symbol import Reading

Binarizer = Literal["local", "global"]
Kind = Literal["qr", "bars"]

# Micro QR is left out: its few digits are what noise is mistaken for.
_QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])
_BAR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.Code128])
_BINARIZERS = {"local": zxingcpp.Binarizer.LocalAverage, "global": zxingcpp.Binarizer.GlobalHistogram}
_NAMES = {
    zxingcpp.BarcodeFormat.QRCodeModel2: "QR Code",
    zxingcpp.BarcodeFormat.EAN13: "EAN-13",
    zxingcpp.BarcodeFormat.Code128: "Code 128",
}


def read(frame: GreyFrame, binarizer: Binarizer, kind: Kind) -> list[Reading]:
    """The codes of that kind in the frame; empty when there is none or one that the decoder chokes on."""
    try:
        codes = zxingcpp.read_barcodes(
            frame,
            formats=_QR_CODES if kind == "qr" else _BAR_CODES,
            text_mode=zxingcpp.TextMode.Plain,
            binarizer=_BINARIZERS[binarizer],
        )
        return [reading for code in codes if (reading := _reading(code)) is not None]
    # What a hostile code makes a decoder raise cannot be listed; the next customer must be read all the same.
    except Exception:  # noqa: BLE001
        return []


def _reading(code: zxingcpp.Barcode) -> Reading | None:
    raw = bytes(code.bytes)
    if not raw:
        return None
    return Reading(_text(code, raw), _NAMES.get(code.format, "QR Code"), raw)


def _text(code: zxingcpp.Barcode, raw: bytes) -> str:
    # The decoder guesses an encoding from the bytes and takes short UTF-8 for something else at times.
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return code.text
