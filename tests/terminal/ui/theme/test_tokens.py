"""Every text that the style sheet can put on a ground can be read there, in both themes."""

from collections.abc import Iterator

import pytest

from terminal.ui.theme.tokens import PALETTES, SPACE, VERDICT_ICONS, VERDICTS, Palette

# WCAG 2.2: 1.4.3 for text, 1.4.11 for the edge of what can be filled in and for the ring around what has the focus.
READABLE, VISIBLE = 4.5, 3.0


def luminance(color: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(color[place : place + 2]) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def read_pairs(palette: Palette) -> Iterator[tuple[str, str, str]]:
    tones = {**palette.verdicts, "accent": palette.accent}
    grounds = {"page": palette.page, "surface": palette.surface, "raised": palette.raised}
    for name, tone in tones.items():
        yield f"text on {name}", tone.on_fill, tone.fill
        yield f"text on {name} under the pointer", tone.on_fill, tone.hover
        for ground, color in {**grounds, "its tint": tone.soft}.items():
            yield f"{name} ink on {ground}", tone.ink, color
    grounds.update({f"{name} tint": tone.soft for name, tone in tones.items()})
    for ground, color in grounds.items():
        yield f"text on {ground}", palette.text, color
        yield f"quiet text on {ground}", palette.text_quiet, color
    yield "tool tip", palette.surface, palette.text


def seen_pairs(palette: Palette) -> Iterator[tuple[str, str, str]]:
    for ground in ("page", "surface"):
        yield f"edge on {ground}", palette.edge, getattr(palette, ground)
        yield f"ring on {ground}", palette.accent.ink, getattr(palette, ground)
        yield f"ring of a filled button on {ground}", palette.text, getattr(palette, ground)
    for name, tone in palette.verdicts.items():
        yield f"ring on {name}", tone.on_fill, tone.fill


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", PALETTES)
def test_all_text_can_be_read(theme: str) -> None:
    pairs = list(read_pairs(PALETTES[theme]))
    poor = [f"{what}: {contrast(one, other):.2f}" for what, one, other in pairs if contrast(one, other) < READABLE]
    assert len(pairs) > 50
    assert not poor


@pytest.mark.parametrize("theme", PALETTES)
def test_edges_and_rings_can_be_seen(theme: str) -> None:
    poor = [what for what, one, other in seen_pairs(PALETTES[theme]) if contrast(one, other) < VISIBLE]
    assert not poor


@pytest.mark.parametrize("theme", PALETTES)
def test_each_verdict_has_colours_and_an_icon_of_its_own(theme: str) -> None:
    assert len({tone.fill for tone in PALETTES[theme].verdicts.values()}) == len(VERDICTS)
    assert set(VERDICT_ICONS) == set(VERDICTS)
    assert len(set(VERDICT_ICONS.values())) == len(VERDICTS)


def test_space_is_in_eights() -> None:
    assert SPACE % 8 == 0
