"""Asking for a voucher: by the cipher of its QR, or by its code together with the SKU that was sold."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.http import unanswered
from sync.platforms.wechat_shop.faults import BAD_ARGUMENTS
from sync.platforms.wechat_shop.signing import Access
from sync.platforms.wechat_shop.wire import Voucher, VoucherAnswer

# What a QR holds is a cipher, longer than any code.
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,48}")


class Reading:
    """Reads vouchers. A typed code says nothing of its SKU: those that the settings name, and those met in this run,
    are tried in turn."""

    def __init__(self, access: Access, sku_ids: str) -> None:
        self._access = access
        self._sku_ids = dict.fromkeys(each.strip() for each in sku_ids.split(",") if each.strip())
        self._code_is_enough = True

    def shown(self, credential: Credential, what: str, deadline_ms: int) -> Voucher:
        """The voucher that a text stands for. Refused where it is none, or the platform knows none."""
        match credential.kind:
            case CredentialKind.CODE if _CODE.fullmatch(credential.text):
                return self._typed(credential.text, what, deadline_ms)
            case CredentialKind.CODE | CredentialKind.SEALED:
                return self._asked({"encrypted_code": unquote(credential.text)}, what, deadline_ms)
            case CredentialKind.PHONE:
                raise Refused(because(Code.PHONE_NUMBER))
            case _:
                raise Refused(because(Code.NOT_A_COUPON))

    def one(self, code: str, sku_id: str, what: str, deadline_ms: int) -> Voucher:
        """A voucher by what is known of it."""
        if not sku_id:
            return self._typed(code, what, deadline_ms)
        return self._asked({"code": code, "sku_id": sku_id}, what, deadline_ms)

    def nothing(self, deadline_ms: int) -> None:
        """Ask for a voucher that there is none of: a no to that is an answer all the same."""
        try:
            self._asked({"code": "0", "sku_id": "0"}, "probe", deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise

    def _typed(self, code: str, what: str, deadline_ms: int) -> Voucher:
        for body in self._guesses(code):
            try:
                return self._asked(body, what, deadline_ms)
            except Refused as no:
                if no.reason.facts.get("platform_code") == BAD_ARGUMENTS and "sku_id" not in body:
                    self._code_is_enough = False
                elif no.reason.code is not Code.NOT_FOUND:
                    raise
        raise Refused(because(Code.NOT_FOUND))

    def _guesses(self, code: str) -> Iterator[dict[str, str]]:
        # The documents leave open whether a code needs its SKU here; the platform's first answer tells.
        if self._code_is_enough:
            yield {"code": code}
        for sku_id in list(self._sku_ids):
            yield {"code": code, "sku_id": sku_id}

    def _asked(self, body: dict[str, str], what: str, deadline_ms: int) -> Voucher:
        found = self._access.read(VoucherAnswer, what, "voucher/get", body, deadline_ms).voucher
        if found is None or found.code != body.get("code", found.code):
            raise unanswered(what, "wrong_shape" if found is None else "other_question")
        if found.sku_id:
            self._sku_ids.setdefault(found.sku_id)
        return found
