"""The one width, case and spelling in which names, numbers and questions are compared."""

from __future__ import annotations

import re
import unicodedata

from sizao.facts.ids import check_character

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, as a class of a regular expression."""

_HAN = re.compile(f"[{HAN}]")
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・", "·"))
_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])[ .·]+|(?<![ .·])[ .·]+(?=[{HAN}])")
_EXTENSION = re.compile(r"(转|ext|x).*", re.IGNORECASE | re.DOTALL)
_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_OLD_CITIZEN_ID = re.compile(r"\d{15}\Z", re.ASCII)


def has_han(text: str) -> bool:
    """True when at least one Chinese character stands in the text."""
    return _HAN.search(text) is not None


def tidy_text(text: str) -> str:
    """One width (NFKC), single blanks, and nothing that cannot be seen."""
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    wide = "".join(" " if unicodedata.category(character) == "Cc" else character for character in seen)
    return " ".join(unicodedata.normalize("NFKC", wide).split())


def tidy_name(text: str) -> str:
    """A name as it is kept: `张 三` is `张三`, every dot between the parts of a name is `·`; letters keep their case."""
    name = tidy_text(text).translate(_DOTS)
    return _BESIDE_HAN.sub(lambda gap: "·" if gap[0].strip() else "", name).strip("·") if has_han(name) else name


def fold(text: str) -> str:
    """Letters without their marks and without case: `Müller` is `muller`."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def spell(text: str) -> str:
    """Letters only, folded, with `v` and `ü` as `u`: `Lǚ Fāng`, `lv fang` and `lufang` are one spelling. That 吕 and 卢 then
    share a key costs a candidate; that 吕 is not found costs a person."""
    return "".join(letter for letter in fold(text) if letter.isalpha()).replace("v", "u")


def words_of(name: str) -> tuple[str, ...]:
    """The spelled words of a name in letters, in the order given."""
    return tuple(word for word in (spell(part) for part in re.split(r"[\s,·-]+", name)) if word)


def name_key(name: str) -> str:
    """What two spellings of one written name share. The order of words in letters does not matter, that of characters does."""
    tidied = tidy_name(name)
    if has_han(tidied):
        return fold(tidied.replace("·", ""))
    return " ".join(sorted(words_of(tidied)))


def normal_document(text: str) -> str:
    """A document number without blanks, hyphens and brackets, in capital letters."""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in wide if character.isalnum())


def document_forms(text: str) -> tuple[str, ...]:
    """The number, and for a citizen's number of the first generation (15 digits) also that of the second."""
    number = normal_document(text)
    if not number:
        return ()
    if not _OLD_CITIZEN_ID.match(number):
        return (number,)
    first = f"{number[:6]}19{number[6:]}"
    return (number, first + check_character(first))


def normal_phone(text: str) -> str:
    """A telephone number in digits: without +86, blanks, hyphens and extension; a landline with its leading 0; a foreign
    number with its + sign."""
    told = _EXTENSION.sub("", unicodedata.normalize("NFKC", text).strip())
    digits = "".join(character for character in told if character in "0123456789")
    foreign = told.lstrip("( ").startswith("+")
    if digits.startswith("00"):
        digits, foreign = digits[2:], True
    if foreign:
        digits = digits.lstrip("0")
    if foreign and not digits.startswith("86"):
        return f"+{digits}" if digits else ""
    if foreign or (digits.startswith("86") and _MOBILE.match(digits[2:])):
        national = digits[2:].lstrip("0")
        return national if not national or _MOBILE.match(national) else f"0{national}"
    return digits
