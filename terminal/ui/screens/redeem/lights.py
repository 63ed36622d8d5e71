"""Each light with its colour and its icon: never a colour alone."""

from dataclasses import dataclass

from terminal.presenters.counter import Light
from terminal.ui.theme.tokens import Palette, Tone


@dataclass(frozen=True, slots=True)
class LightTone:
    """The names of a verdict's tone in the theme, of its icon and of its sound."""

    name: str
    icon: str
    sound: str

    def of(self, palette: Palette) -> Tone:
        """Its colours in a palette."""
        return palette.verdicts[self.name]


TONES = {
    Light.REDEEMED: LightTone("redeemed", "check", "redeemed"),
    Light.RECORDED: LightTone("recorded", "hourglass", "recorded"),
    Light.MANAGER: LightTone("manager", "hand", "manager"),
    Light.REFUSED: LightTone("refused", "cross", "refused"),
    Light.REVERSED: LightTone("working", "undo", "scan"),
}
