"""Writing systems that the packaged fonts lack: which fonts of a system have them, and what to install."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`families`: fonts that have it, the best first. `apt`, `brew`: packages with the first of them."""

    name: str
    characters: str
    families: tuple[str, ...]
    apt: str
    brew: str

    def is_in(self, text: str) -> bool:
        """Whether a text has a character of it."""
        return re.search(f"[{self.characters}]", text) is not None


def _cjk(name: str, characters: str, tag: str, brew: str, *others: str) -> Script:
    families = (f"Noto Sans CJK {tag}", *others)
    return Script(name=name, characters=characters, families=families, apt="fonts-noto-cjk", brew=brew)


def _noto(name: str, characters: str, *others: str) -> Script:
    families = (f"Noto Sans {name}", *others)
    brew = f"font-noto-sans-{name.lower()}"
    return Script(name=name, characters=characters, families=families, apt="fonts-noto-core", brew=brew)


_KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HAN = (
    "\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\uffe0-\uffef\U00020000-\U0002ffff"
)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_JAPANESE = ("JP", "font-noto-sans-cjk-jp", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic")
_KOREAN = ("KR", "font-noto-sans-cjk-kr", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic")
_SIMPLIFIED = ("SC", "font-noto-sans-cjk-sc", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei")
_TRADITIONAL = ("TC", "font-noto-sans-cjk-tc", "Noto Sans TC", "PingFang TC", "Microsoft JhengHei")
# One character of Han has another form in each of these languages: what the document's language is decides.
_HAN_OF = {"ja": _JAPANESE, "ko": _KOREAN, "zh": _SIMPLIFIED, "zh-TW": _TRADITIONAL, "zh-HK": _TRADITIONAL}
_ARABIC = ("Noto Naskh Arabic", "Geeza Pro", "Segoe UI", "DejaVu Sans")
_OTHERS = (
    _noto("Arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff", *_ARABIC),
    _noto("Hebrew", "\u0590-\u05ff\ufb1d-\ufb4f", "Arial Hebrew", "Segoe UI", "DejaVu Sans"),
    _noto("Armenian", "\u0530-\u058f", "Mshtakan", "Sylfaen", "DejaVu Sans"),
    _noto("Georgian", "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f", "Helvetica Neue", "Sylfaen", "DejaVu Sans"),
    _noto("Devanagari", "\u0900-\u097f\ua8e0-\ua8ff", "Kohinoor Devanagari", "Nirmala UI", "Lohit Devanagari"),
    _noto("Bengali", "\u0980-\u09ff", "Kohinoor Bangla", "Nirmala UI", "Lohit Bengali"),
    _noto("Gurmukhi", "\u0a00-\u0a7f", "Mukta Mahee", "Nirmala UI", "Lohit Gurmukhi"),
    _noto("Gujarati", "\u0a80-\u0aff", "Kohinoor Gujarati", "Nirmala UI", "Lohit Gujarati"),
    _noto("Tamil", "\u0b80-\u0bff", "Tamil Sangam MN", "Nirmala UI", "Lohit Tamil"),
    _noto("Telugu", "\u0c00-\u0c7f", "Kohinoor Telugu", "Nirmala UI", "Lohit Telugu"),
    _noto("Kannada", "\u0c80-\u0cff", "Noto Sans Kannada", "Nirmala UI", "Lohit Kannada"),
    _noto("Malayalam", "\u0d00-\u0d7f", "Malayalam Sangam MN", "Nirmala UI", "Lohit Malayalam"),
    _noto("Sinhala", "\u0d80-\u0dff", "Sinhala Sangam MN", "Nirmala UI"),
    _noto("Thai", "\u0e00-\u0e7f", "Thonburi", "Leelawadee UI", "Loma"),
    _noto("Khmer", "\u1780-\u17ff\u19e0-\u19ff", "Khmer Sangam MN", "Leelawadee UI"),
    _noto("Ethiopic", "\u1200-\u139f\u2d80-\u2ddf", "Kefa", "Ebrima"),
)


def scripts_in(text: str, language: str) -> tuple[Script, ...]:
    """The writing systems of a text that no packaged font has, in the order in which fonts are to be asked."""
    near = _HAN_OF.get(language) or _HAN_OF.get(language.split("-", maxsplit=1)[0])
    if near is None:  # not told by the language: kana are Japanese, hangul is Korean
        near = (
            _JAPANESE if re.search(f"[{_KANA}]", text) else _KOREAN if re.search(f"[{_HANGUL}]", text) else _SIMPLIFIED
        )
    tag, brew, *others = near
    east = _cjk("Chinese, Japanese and Korean", _HAN + _KANA + _HANGUL, tag, brew, *others)
    return tuple(script for script in (east, *_OTHERS) if script.is_in(text))
