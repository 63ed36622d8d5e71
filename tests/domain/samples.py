"""What people, scanners and attackers put in front of a counter, and what each of it is."""

from sync.domain.codes import DIANPING, DOUYIN, MEITUAN, MINIPROGRAM, WECHAT_SHOP, CredentialKind
from sync.domain.reasons import Code

LINK, CODE, PHONE, DYNAMIC, SEALED = (
    CredentialKind.SHORT_LINK,
    CredentialKind.CODE,
    CredentialKind.PHONE,
    CredentialKind.DYNAMIC,
    CredentialKind.SEALED,
)
OWN = "8812345678901232"
DQ1 = "0131258537244246218659" + "7" * 299
CIPHER = "mK3x9Tq2k+/0Vb7LrY5eWcPz8Ha1JdQ4NfSgU6oXtIvMiBnCwEyRkZhDpOsGlAujFT=="
QUOTED = CIPHER.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
TWELVE = (DOUYIN, MEITUAN)
BY_PHONE = (MINIPROGRAM, MEITUAN, DIANPING)
SHORT = "https://v.douyin.com/eHHc1ft/"

# text, the platforms that it may be from, its kind, what it means
FITS: list[tuple[str, tuple[str, ...], CredentialKind, str]] = [
    # Douyin: 12 digits in the documents, 15 on the coupons of today, anything between
    ("104686126200130", (DOUYIN,), CODE, "104686126200130"),
    ("1046 8612 6200 130", (DOUYIN,), CODE, "104686126200130"),
    ("1046-8612-6200-130", (DOUYIN,), CODE, "104686126200130"),
    ("1046\u20138612\u20136200\u2013130", (DOUYIN,), CODE, "104686126200130"),
    ("１０４６８６１２６２００１３０", (DOUYIN,), CODE, "104686126200130"),
    ("000026104686126", (DOUYIN,), CODE, "000026104686126"),
    ("1046861262001", (DOUYIN,), CODE, "1046861262001"),
    ("1046861262002", (DOUYIN,), CODE, "1046861262002"),
    ("6901234567893", (DOUYIN,), CODE, "6901234567893"),
    ("10468612620013", (DOUYIN,), CODE, "10468612620013"),
    # 12 digits: Douyin's old ones and all of Meituan's
    ("104686126200", TWELVE, CODE, "104686126200"),
    ("  104686126200\r\n", TWELVE, CODE, "104686126200"),
    ("１０４６８６１２６２００", TWELVE, CODE, "104686126200"),
    ("1046\u30008612\u00a06200", TWELVE, CODE, "104686126200"),
    ("\ufeff104686126200", TWELVE, CODE, "104686126200"),
    ("1046\u200b8612\u200d6200", TWELVE, CODE, "104686126200"),
    ("\x02104686126200\x03", TWELVE, CODE, "104686126200"),
    ("]C1104686126200", TWELVE, CODE, "104686126200"),
    ("]Q1\\000026104686126200", TWELVE, CODE, "104686126200"),
    ("000000000000", TWELVE, CODE, "000000000000"),
    # Dianping: ten digits, as text
    ("0332808512", (DIANPING,), CODE, "0332808512"),
    ("3328085121", (DIANPING,), CODE, "3328085121"),
    ("033 2808 512", (DIANPING,), CODE, "0332808512"),
    ("0000000000", (DIANPING,), CODE, "0000000000"),
    # Douyin's short link
    (SHORT, (DOUYIN,), LINK, SHORT),
    ("https://v.douyin.com/eHHc1ft", (DOUYIN,), LINK, "https://v.douyin.com/eHHc1ft"),
    ("http://v.douyin.com/eHHc1ft/", (DOUYIN,), LINK, SHORT),
    ("HTTPS://V.DOUYIN.COM/eHHc1ft/", (DOUYIN,), LINK, SHORT),
    ("https://v.douyin.com/a-_Z9/", (DOUYIN,), LINK, "https://v.douyin.com/a-_Z9/"),
    ("https://v.douyin.com/iRNBho5uJQk/", (DOUYIN,), LINK, "https://v.douyin.com/iRNBho5uJQk/"),
    ("https://v.douyin.com/" + "a" * 64, (DOUYIN,), LINK, "https://v.douyin.com/" + "a" * 64),
    ("\\000026https://v.douyin.com/eHHc1ft/", (DOUYIN,), LINK, SHORT),
    ("]Q1\\000026https://v.douyin.com/eHHc1ft/", (DOUYIN,), LINK, SHORT),
    ("\ufeff\\000026\\000003https://v.douyin.com/eHHc1ft/", (DOUYIN,), LINK, SHORT),
    ("ｈｔｔｐｓ：／／ｖ．ｄｏｕｙｉｎ．ｃｏｍ／eHHc1ft／", (DOUYIN,), LINK, SHORT),
    # The own platform
    (OWN, (MINIPROGRAM,), CODE, OWN),
    (f"{OWN[:4]} {OWN[4:8]}-{OWN[8:]}", (MINIPROGRAM,), CODE, OWN),
    (DQ1, (MINIPROGRAM,), DYNAMIC, DQ1),
    (DQ1[:268], (MINIPROGRAM,), DYNAMIC, DQ1[:268]),
    (DQ1[:320], (MINIPROGRAM,), DYNAMIC, DQ1[:320]),
    (DQ1 + "1", (MINIPROGRAM,), DYNAMIC, DQ1 + "1"),
    ("\\000026" + DQ1, (MINIPROGRAM,), DYNAMIC, DQ1),
    # WeChat Shop
    ("1750465040647263902", (WECHAT_SHOP,), CODE, "1750465040647263902"),
    ("1750 4650 4064 7263 902", (WECHAT_SHOP,), CODE, "1750465040647263902"),
    (QUOTED, (WECHAT_SHOP,), SEALED, CIPHER),
    (CIPHER, (WECHAT_SHOP,), SEALED, CIPHER),
    # Telephone numbers
    ("13800138000", BY_PHONE, PHONE, "13800138000"),
    ("138-0013-8000", BY_PHONE, PHONE, "13800138000"),
    ("138 0013 8000", BY_PHONE, PHONE, "13800138000"),
    ("19912345678", BY_PHONE, PHONE, "19912345678"),
    ("+8613800138000", BY_PHONE, PHONE, "13800138000"),
    ("+86 138 0013 8000", BY_PHONE, PHONE, "13800138000"),
]

# text, what is said of it, the fact that says why
STRANGERS: list[tuple[str, Code, str]] = [
    ("", Code.NOTHING_READ, ""),
    (" \t\r\n", Code.NOTHING_READ, ""),
    ("\u200b\ufeff", Code.NOTHING_READ, ""),
    ("\x00\x1b\x1d", Code.NOTHING_READ, ""),
    ("\\000026", Code.NOTHING_READ, ""),
    # What pays
    ("134650973158243567", Code.PAYMENT_CODE, ""),
    ("100000000000000000", Code.PAYMENT_CODE, ""),
    ("158888888888888888", Code.PAYMENT_CODE, ""),
    ("1346 5097 3158 2435 67", Code.PAYMENT_CODE, ""),
    ("2865123456789012", Code.PAYMENT_CODE, ""),
    ("283345678901234567", Code.PAYMENT_CODE, ""),
    ("2801234567890123456", Code.PAYMENT_CODE, ""),
    ("302345678901234567890123", Code.PAYMENT_CODE, ""),
    # Cards
    ("11010519491231002X", Code.NOT_A_COUPON, "id_card"),
    ("11010519491231002x", Code.NOT_A_COUPON, "id_card"),
    ("130102199003071233", Code.NOT_A_COUPON, "id_card"),
    ("440524188001010014", Code.NOT_A_COUPON, "id_card"),
    ("440524188013010014", Code.NOT_A_COUPON, "digits"),
    ("6222020200112230", Code.NOT_A_COUPON, "bank_card"),
    ("6222 0202 0011 2230", Code.NOT_A_COUPON, "bank_card"),
    ("6217001234567890122", Code.NOT_A_COUPON, "bank_card"),
    ("4111111111111111", Code.NOT_A_COUPON, "bank_card"),
    ("6222020200112231", Code.NOT_A_COUPON, "digits"),
    # Goods on the counter
    ("6901234567892", Code.NOT_A_COUPON, "goods"),
    ("6945012345678", Code.NOT_A_COUPON, "goods"),
    ("9780201379624", Code.NOT_A_COUPON, "goods"),
    ("4006381333931", Code.NOT_A_COUPON, "goods"),
    ("]E04006381333931", Code.NOT_A_COUPON, "goods"),
    ("96385074", Code.NOT_A_COUPON, "digits"),
    # An own code with a slip, and numbers that are nobody's
    ("8812345678901233", Code.NOT_A_COUPON, "check_digit"),
    ("8812345678901322", Code.NOT_A_COUPON, "check_digit"),
    ("123456789", Code.NOT_A_COUPON, "digits"),
    ("12345678901", Code.NOT_A_COUPON, "digits"),
    ("20812345678", Code.NOT_A_COUPON, "digits"),
    ("12812345678", Code.NOT_A_COUPON, "digits"),
    ("+1 202 555 0123", Code.NOT_A_COUPON, "text"),
    ("7812345678901234", Code.NOT_A_COUPON, "digits"),
    ("168888888888888888", Code.NOT_A_COUPON, "digits"),
    ("12345678901234567890123456789012", Code.NOT_A_COUPON, "digits"),
    ("١٠٤٦٨٦١٢٦٢٠٠", Code.NOT_A_COUPON, "text"),
    # Links of others, and links that only look like ours
    ("https://v.douyin.com.evil.cn/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://evil.cn/v.douyin.com/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com@evil.cn/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://evil.cn@v.douyin.com/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com\\@evil.cn/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com:8443/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com:99999999/eHHc1ft/", Code.NOT_A_COUPON, "link"),
    ("https://v.douyin.com:ab/eHHc1ft/", Code.NOT_A_COUPON, "link"),
    ("https://[::1/eHHc1ft/", Code.NOT_A_COUPON, "link"),
    ("https://v.douyin.com./eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.d\u03bfuyin.com/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com/abc", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com/" + "a" * 65, Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com/../admin/", Code.FOREIGN_LINK, ""),
    ("https://v.douyin.com/eHHc1ft/?x=1", Code.FOREIGN_LINK, ""),
    ("http://127.0.0.1/eHHc1ft/", Code.FOREIGN_LINK, ""),
    ("https://qr.alipay.com/fkx1234", Code.FOREIGN_LINK, ""),
    ("https://u.wechat.com/abc", Code.FOREIGN_LINK, ""),
    ("https://i.meituan.com/awp/coupon?id=1", Code.FOREIGN_LINK, ""),
    (
        "https://developer.toutiao.com/api/apps/trade/v2/share?encrypted_data=x&app_id=y&out_order_no=z",
        Code.NOT_CONNECTED,
        "",
    ),
    # Everything else
    ("ftp://v.douyin.com/eHHc1ft/", Code.NOT_A_COUPON, "text"),
    ("javascript:alert(1)", Code.NOT_A_COUPON, "text"),
    ("WIFI:T:WPA;S:shop;P:secret;;", Code.NOT_A_COUPON, "wifi"),
    ("BEGIN:VCARD\nVERSION:3.0\nTEL:13800138000\nEND:VCARD", Code.NOT_A_COUPON, "vcard"),
    ("weixin://wxpay/bizpayurl?pr=abc", Code.NOT_A_COUPON, "weixin"),
    ("wxp://f2f0abc", Code.NOT_A_COUPON, "wxp"),
    ("tel:13800138000", Code.NOT_A_COUPON, "tel"),
    ("mailto:a@b.cn", Code.NOT_A_COUPON, "mailto"),
    ("🎫🎟️", Code.NOT_A_COUPON, "text"),
    ("您好", Code.NOT_A_COUPON, "text"),
    ("ABC123456789", Code.NOT_A_COUPON, "text"),
    ("1046a6126200", Code.NOT_A_COUPON, "text"),
    ("-104686126200.5", Code.NOT_A_COUPON, "text"),
    ("3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed", Code.NOT_A_COUPON, "text"),
    ("\x89PNG\r\n\x1a\n\x00\x00", Code.NOT_A_COUPON, "text"),
    ("x" * 10_240, Code.NOT_A_COUPON, "too_long"),
    ("1" * 10_240, Code.NOT_A_COUPON, "too_long"),
    ("\ufdfa" * 10_240, Code.NOT_A_COUPON, "too_long"),
    ("'; DROP TABLE redemptions;--", Code.NOT_A_COUPON, "text"),
    ("{}%s%n", Code.NOT_A_COUPON, "text"),
    ("%", Code.NOT_A_COUPON, "text"),
    ("%ff%fe", Code.NOT_A_COUPON, "text"),
]
