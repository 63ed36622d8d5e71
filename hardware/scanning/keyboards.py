"""Keyboard layouts: which character another layout has on the key where the American one has this one."""

from functools import cache

# 47 keys, row by row and each from left to right, plain and with Shift; a blank stands where a key gives nothing.
_AMERICAN = (
    "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
    '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?',
)
_LAYOUTS = {
    "French": (
        "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
        " 1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
    ),
    "Belgian": (
        "²&é\"'(§è!çà)-azertyuiop^$µqsdfghjklmùwxcvbn,;:=",
        "³1234567890°_AZERTYUIOP¨*£QSDFGHJKLM%WXCVBN?./+",
    ),
    "German": (
        "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
    ),
    "Swiss": (
        "§1234567890'^qwertzuiopü¨$asdfghjklöäyxcvbnm,.-",
        '°+"*ç%&/()=?`QWERTZUIOPè!£ASDFGHJKLéàYXCVBNM;:_',
    ),
    "Spanish": (
        "º1234567890'¡qwertyuiop`+çasdfghjklñ´zxcvbnm,.-",
        'ª!"·$%&/()=?¿QWERTYUIOP^*ÇASDFGHJKLÑ¨ZXCVBNM;:_',
    ),
    "Italian": (
        "\\1234567890'ìqwertyuiopè+ùasdfghjklòàzxcvbnm,.-",
        '|!"£$%&/()=?^QWERTYUIOPé*§ASDFGHJKLç°ZXCVBNM;:_',
    ),
    "Portuguese": (
        "\\1234567890'«qwertyuiop+´~asdfghjklçºzxcvbnm,.-",
        '|!"#$%&/()=?»QWERTYUIOP*`^ASDFGHJKLÇªZXCVBNM;:_',
    ),
    "Nordic": (
        "§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-",
        '½!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_',
    ),
    "Czech": (
        ";+ěščřžýáíé=´qwertzuiopú)¨asdfghjklů§yxcvbnm,.-",
        "°1234567890%ˇQWERTZUIOP/('ASDFGHJKL\"!YXCVBNM?:_",
    ),
    "Hungarian": (
        "0123456789öüóqwertzuiopőúűasdfghjkléáyxcvbnm,.-",
        "§'\"+!%/=()ÖÜÓQWERTZUIOPŐÚŰASDFGHJKLÉÁYXCVBNM?:_",
    ),
    "Turkish": (
        '"1234567890*-qwertyuıopğü,asdfghjklşizxcvbnmöç.',
        "é!'^+%&/()=?_QWERTYUIOPĞÜ;ASDFGHJKLŞİZXCVBNMÖÇ:",
    ),
    "Russian": (
        "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.",
        'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,',
    ),
    "Japanese": (
        " 1234567890-^qwertyuiop@[]asdfghjkl;:zxcvbnm,./",
        " !\"#$%&'() =~QWERTYUIOP`{}ASDFGHJKL+*ZXCVBNM<>?",
    ),
    "Dvorak": (
        "`1234567890[]',.pyfgcrl/=\\aoeuidhtns-;qjkxbmwvz",
        '~!@#$%^&*(){}"<>PYFGCRL?+|AOEUIDHTNS_:QJKXBMWVZ',
    ),
}
LAYOUTS = tuple(_LAYOUTS)


def meant(text: str) -> set[str]:
    """What `text` may have been: for each layout, if the computer was set to it and the scanner to the American one,
    or the other way round. Characters that no key gives stay."""
    return {text.translate(table) for table in _tables()} - {text}


def typed(text: str, layout: str) -> str:
    """What a computer set to `layout` makes of a scanner that types `text` on an American keyboard."""
    return text.translate(_table("".join(_AMERICAN), "".join(_LAYOUTS[layout])))


@cache
def _tables() -> tuple[dict[int, str], ...]:
    american = "".join(_AMERICAN)
    foreign = ["".join(rows) for rows in _LAYOUTS.values()]
    return tuple(table for keys in foreign for table in (_table(keys, american), _table(american, keys)))


def _table(given: str, wanted: str) -> dict[int, str]:
    return {ord(a): b for a, b in zip(given, wanted, strict=True) if a != " "}
