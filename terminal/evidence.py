"""Photos kept as evidence (取证): whole pictures, each once, in the terminal's folder under the hash of its content."""

import os
from hashlib import sha256
from pathlib import Path

FOLDER = "evidence"
_PNG = b"\x89PNG\r\n\x1a\n"


class NoPicture(ValueError):
    """What was given as a photo can't be read as one; its text says why."""


def keep_photo(data: Path, photo: Path) -> str:
    """Copy a photo into the folder `data`; answers with its path relative to that. Raises NoPicture, OSError."""
    # Only here: what needs no photo must not wait for the decoders to be imported.
    from hardware.decoding.source import UnreadablePicture, read_picture

    try:
        read_picture(photo)
    except UnreadablePicture as error:
        raise NoPicture(str(error)) from error
    return _keep(data, photo.read_bytes(), photo.suffix.lower())


def keep_picture(data: Path, png: bytes) -> str:
    """Keep a picture that the camera took, as PNG; answers like `keep_photo`. Raises NoPicture, OSError."""
    if not png.startswith(_PNG):
        raise NoPicture("not a PNG picture")
    return _keep(data, png, ".png")


def _keep(data: Path, content: bytes, suffix: str) -> str:
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    name = sha256(content).hexdigest()[:32] + suffix
    if not (folder / name).exists():
        # Whole or not at all: a claim that names it must never find half a picture.
        part = folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
    return f"{FOLDER}/{name}"
