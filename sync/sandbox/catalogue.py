"""What the false shop sells: products with their contents, terms and the line to read out."""

from dataclasses import dataclass

# What a coupon costs if nobody says otherwise.
PRICE_FEN = 12_800


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on sale. `offer` is 4 bytes in hex."""

    offer: str
    sku_id: str
    title: str
    contents: tuple[tuple[str, int], ...]
    terms: tuple[str, ...]
    script: str


PRODUCTS = (
    Product(
        "0a110001",
        "1720001100000000001",
        "河畔双人套餐",
        (("清蒸鲈鱼", 1), ("糖醋里脊", 1), ("时令蔬菜", 1), ("米饭", 2), ("酸梅汤", 2)),
        ("周一至周日可用", "每桌限用一张", "需提前一小时预约", "不与店内其他优惠同享"),
        "您好,这份是双人套餐,含一鱼一肉一蔬和两份米饭饮料,现在为您核销可以吗?",
    ),
    Product(
        "0a110002",
        "1720001100000000002",
        "百元代金券",
        (("代金券", 1),),
        ("可抵菜品和饮料", "每单最多用三张", "不找零,不兑现"),
        "您好,这张券可抵一百元,结账时直接减,不找零。",
    ),
    Product(
        "0a110003",
        "1720001100000000003",
        "老友四人餐",
        (("酸菜鱼", 1), ("夫妻肺片", 1), ("回锅肉", 1), ("麻婆豆腐", 1), ("米饭", 4)),
        ("法定节假日不可用", "仅限堂食"),
        "您好,这份是四人餐,四道菜四份米饭,今天堂食使用,对吗?",
    ),
)

TIMES_CARD = Product(
    "0a110009",
    "1720001100000000009",
    "午间简餐次卡",
    (("当日简餐", 1),),
    ("每次核销一份", "工作日 11:00 至 14:00 可用", "有效期内用完"),
    "您好,这是次卡,本次用一次,可以吗?",
)


def product_of(kind: str, number: int) -> Product:
    """The product of a coupon: times cards are one product, vouchers take turns."""
    return TIMES_CARD if kind == "times_card" else PRODUCTS[number % len(PRODUCTS)]
