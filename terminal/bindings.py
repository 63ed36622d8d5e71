"""What binds a store to each platform, as its settings say it, and which of it is secret."""

from ipaddress import ip_address
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Hex4 = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """A table of the settings file: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BindingSection(Section):
    """The binding to one platform. `SECRETS`: its fields that go into the secret store and never into the file; those
    in `LATER` may be wanting, as they are given or renewed after the set-up."""

    SECRETS: ClassVar[tuple[str, ...]] = ("client_secret",)
    LATER: ClassVar[tuple[str, ...]] = ()
    # The field by which the platform knows this shop; where the authorisation implies it, whose authorisation it is.
    SHOP: ClassVar[str] = ""

    @property
    def shop(self) -> str:
        """What the platform calls this shop."""
        return str(getattr(self, self.SHOP))


class DouyinSection(BindingSection):
    """The binding to Douyin (docs/douyin.md). `settlement`: whether the platform settles with each store or with the
    account as one."""

    SHOP = "poi_id"

    client_key: Text
    account_id: Text
    poi_id: Text
    settlement: Literal["store", "account"] = "store"
    client_secret: Text | None = None


class MeituanSection(BindingSection):
    """The binding to Meituan, and with it to Dianping (docs/meituan.md). `business_id`: "58" retail services, "1"
    dining."""

    SECRETS = ("sign_key", "app_auth_token", "refresh_token")
    LATER = ("app_auth_token", "refresh_token")
    SHOP = "developer_id"

    developer_id: Text
    business_id: Literal["58", "1"] = "58"
    sign_key: Text | None = None
    app_auth_token: Text | None = None
    refresh_token: Text | None = None


class DianpingSection(BindingSection):
    """The binding to Dianping under an old contract (docs/dianping.md); without it Dianping is redeemed as Meituan."""

    SECRETS = ("app_secret", "session", "refresh_token")
    LATER = ("session", "refresh_token")
    SHOP = "open_shop_uuid"

    app_key: Text
    open_shop_uuid: Text
    app_secret: Text | None = None
    session: Text | None = None
    refresh_token: Text | None = None


class MiniprogramSection(BindingSection):
    """The binding to the merchant's own platform (docs/own-platform.md)."""

    SHOP = "store"

    base_url: Annotated[str, Field(pattern=r"^https://")]
    client_id: Text
    store: Hex4
    root_key: Hex32
    client_secret: Text | None = None


class WechatShopSection(BindingSection):
    """The binding to a WeChat Shop's local-life vouchers (docs/wechat-shop.md). `sku_ids`: of what the shop sells, with
    commas between, by which a typed code is found."""

    SECRETS = ("app_secret",)
    SHOP = "out_store_id"

    app_id: Text
    store_name: Text
    out_store_id: Text
    sku_ids: Text | None = None
    app_secret: Text | None = None


class ListenerSection(Section):
    """Where this terminal listens for what platforms send by themselves (docs/douyin.md); this machine alone unless set
    otherwise. Port 0: any free one."""

    enabled: bool = False
    host: Annotated[str, Field(max_length=45)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8643

    @field_validator("host")
    @classmethod
    def _address(cls, host: str) -> str:
        try:
            return str(ip_address(host))
        except ValueError:
            raise ValueError("is no address of a network card (0.0.0.0: all of them)") from None
