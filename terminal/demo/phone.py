"""The customer's phone: asks the merchant's platform for permits over its own line, and shows codes to the camera."""

from pathlib import Path
from typing import Any

import requests

from hardware.decoding.scan import scan_file
from sync.services.permits import PermitRequest
from terminal.demo.control import TIMEOUT_S, Sold
from terminal.demo.phone_screen import phone_screen, write_png

_NO_NONCE = "0" * 16
_PICTURES_PER_CODE = 3


class Phone:
    """One phone after another. `credentials` are those of the merchant's back end, which asks for its customers."""

    def __init__(self, url: str, credentials: dict[str, str], screens: Path) -> None:
        self._url = f"{url}/dq/v1"
        self._store = credentials["store"]
        self._screens = screens
        self._shown = 0
        self._session = requests.Session()
        self._session.trust_env = False
        wish = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        }
        token = self._post("token", wish)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def permit(self, coupon: Sold, terminal: str) -> str:
        """A permit for this store, not tied to a request of the till."""
        return self._permit(coupon, terminal, _NO_NONCE, None)

    def answer(self, asked: PermitRequest, coupon: Sold) -> str:
        """A permit for the very request that the till shows: the platform books the use under its request id."""
        return self._permit(coupon, asked.terminal, asked.nonce, asked.request_id)

    def show(self, name: str, text: str) -> tuple[str, str]:
        """Photograph the phone with `text` on it and read the picture back: what was read ("" for nothing), and the
        picture's name. A hand that shakes is given another try, as at the counter."""
        read, picture = "", ""
        for _ in range(_PICTURES_PER_CODE):
            self._shown += 1
            picture = f"{self._shown:02d}-{name}.png"
            path = self._screens / picture
            write_png(path, phone_screen(text, seed=self._shown))
            symbols = scan_file(path).symbols
            if symbols:
                read = symbols[0].text
                break
        return read, picture

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def _permit(self, coupon: Sold, terminal: str, nonce: str, request_id: str | None) -> str:
        body = {"code": coupon.code, "store": self._store, "terminal": terminal, "nonce": nonce, "units": 1}
        return str(self._post("permits", body | ({"request_id": request_id} if request_id else {}))["text"])

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._session.post(f"{self._url}/{path}", json=body, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.json()
