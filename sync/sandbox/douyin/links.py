"""Short links: where the text of a Douyin QR code leads."""

from urllib.parse import quote

from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

_PAGE = "<html><head><title>抖音</title></head><body>{}</body></html>"


def _page(status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, _PAGE.format(text).encode(), "text/html; charset=utf-8", headers)


def short_link(truth: Truth, request: Request) -> Answer:
    """302 to the share page, whose query holds the object_id; the link service does not know what is spent."""
    link = truth.links.get(request.params["token"])
    if link is None:
        return _page(404, "页面不存在")
    token = quote(link.object_id, safe="")
    location = (
        f"https://www.iesdouyin.com/share/commerce/coupon/{token}/"
        f"?schema_type=13&object_id={token}&utm_campaign=client_share&app=aweme&utm_medium=ios&tt_from=copy"
    )
    return _page(302, "Found", (("Location", location),))


def share_page(_truth: Truth, _request: Request) -> Answer:
    """The page behind the link: for people, nothing in it is for a till."""
    return _page(200, "请在抖音 App 中查看团购券")
