"""Every figure and colour of the look, for both themes (screens.md, Tokens).

All lengths are in device-independent pixels. Colours are "#RRGGBB".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOTE, BODY, LABEL, TITLE, AMOUNT, VERDICT = 14, 16, 20, 28, 44, 72
SPACE = 8
CORNER = 12
# The corner of what lies inside a card, so that the two curves run side by side.
INNER_CORNER = 8
HAIRLINE = 1
FOCUS_RING = 2
BUTTON_HEIGHT = 48
PRIMARY_HEIGHT = 56
ROW_HEIGHT = 44
CHIP_HEIGHT = 40
RAIL_WIDTH = 104
ICON, SMALL_ICON, LARGE_ICON, VERDICT_ICON = 24, 20, 32, 72
MOTION_MS = 150


@dataclass(frozen=True, slots=True)
class Tone:
    """One colour in its four uses; `hover` is `fill` under the pointer."""

    fill: str
    hover: str
    on_fill: str
    ink: str
    soft: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme; `raised` is the ground of what is pressed or set apart, `edge` bounds what can be filled in."""

    name: str
    page: str
    surface: str
    raised: str
    line: str
    edge: str
    text: str
    text_quiet: str
    text_disabled: str
    accent: Tone
    redeemed: Tone
    recorded: Tone
    manager: Tone
    refused: Tone
    working: Tone

    @property
    def verdicts(self) -> Mapping[str, Tone]:
        """The tones that mean something, by the word that widgets carry in their property."""
        return {name: getattr(self, name) for name in VERDICTS}


VERDICTS = ("redeemed", "recorded", "manager", "refused", "working")
# Never a colour alone: the icon that goes with each verdict.
VERDICT_ICONS: Mapping[str, str] = MappingProxyType(
    {"redeemed": "check", "recorded": "hourglass", "manager": "hand", "refused": "cross", "working": "working"}
)

LIGHT = Palette(
    name="light",
    page="#F5F6F8",
    surface="#FFFFFF",
    raised="#ECEEF2",
    line="#DFE2E7",
    edge="#848C98",
    text="#15181C",
    text_quiet="#545B66",
    text_disabled="#8E95A0",
    accent=Tone(fill="#2251D1", hover="#1A42B0", on_fill="#FFFFFF", ink="#1E49BF", soft="#E8EEFD"),
    redeemed=Tone(fill="#14783C", hover="#0F6231", on_fill="#FFFFFF", ink="#116533", soft="#E3F3E8"),
    recorded=Tone(fill="#F5B301", hover="#E0A300", on_fill="#231A00", ink="#754E00", soft="#FFF3D1"),
    manager=Tone(fill="#6D3BC8", hover="#5A2EAA", on_fill="#FFFFFF", ink="#5B2FB0", soft="#F0EAFB"),
    refused=Tone(fill="#C3262B", hover="#A51D22", on_fill="#FFFFFF", ink="#AC1D23", soft="#FCEAEA"),
    working=Tone(fill="#0369A1", hover="#02557F", on_fill="#FFFFFF", ink="#03598A", soft="#E3F1F9"),
)
DARK = Palette(
    name="dark",
    page="#101317",
    surface="#191D23",
    raised="#252B33",
    line="#323944",
    edge="#7B8593",
    text="#ECEFF3",
    text_quiet="#ABB4BF",
    text_disabled="#6C7582",
    accent=Tone(fill="#7BA2FF", hover="#9BB9FF", on_fill="#0A1530", ink="#8FB0FF", soft="#1C2947"),
    redeemed=Tone(fill="#3FBF73", hover="#5BD08A", on_fill="#05210F", ink="#5BD08A", soft="#112E1E"),
    recorded=Tone(fill="#F5B83D", hover="#F8C864", on_fill="#231A00", ink="#F5C25B", soft="#372909"),
    manager=Tone(fill="#A98BF5", hover="#BEA7F8", on_fill="#190B3A", ink="#BDA6F8", soft="#292046"),
    refused=Tone(fill="#F27A7A", hover="#F69696", on_fill="#2D0707", ink="#F69494", soft="#3E191B"),
    working=Tone(fill="#55B4EA", hover="#78C5F0", on_fill="#04202F", ink="#74C3F0", soft="#0F2B3C"),
)
PALETTES: Mapping[str, Palette] = MappingProxyType({"light": LIGHT, "dark": DARK})
