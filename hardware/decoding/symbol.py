"""What a decoder found in a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """One code.

    `text` is for reading; `raw` are the code's own bytes, which survive where they are no text. `symbology` is
    "QR Code", "EAN-13" or "Code 128". `ms` is the time from the frame to this answer, `step` the pipeline step
    that gave it, `frame_no` the frame of a video (0 for a picture).
    """

    text: str
    symbology: str
    raw: bytes
    ms: float
    step: str
    frame_no: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A decoder's bare answer, before anybody measured it."""

    text: str
    symbology: str
    raw: bytes
