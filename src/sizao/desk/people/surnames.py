"""Surnames whose reading is not the textbook one, and surnames of two characters.

The reading in use for the surname stands first; others that families use follow. Whatever a dictionary knows besides is added by
`readings`. Tones are left out. Sources: 现代汉语词典 (readings marked 姓), 通用规范汉字字典.
"""

from __future__ import annotations

SURNAMES: dict[str, tuple[str, ...]] = {
    "卜": ("bu",), "不": ("fou",), "秘": ("bi", "mi"), "费": ("fei", "bi"), "薄": ("bo",), "谌": ("chen", "shen"),
    "种": ("chong",), "都": ("du",), "缪": ("miao", "mou"), "盖": ("ge", "gai"), "句": ("gou",), "炅": ("gui",),
    "黑": ("hei", "he"), "解": ("xie",), "阚": ("kan",), "隗": ("wei", "kui"), "乐": ("yue", "le"), "乜": ("nie",),
    "牟": ("mu", "mou"), "佴": ("nai",), "能": ("nai",), "难": ("ning", "nan"), "粘": ("nian",), "区": ("ou",), "繁": ("po",),
    "朴": ("piao", "pu"), "仇": ("qiu",), "覃": ("qin", "tan"), "单": ("shan",), "召": ("shao",), "折": ("she",),
    "适": ("kuo",), "洗": ("xian",), "郇": ("xun", "huan"), "员": ("yun", "yuan"), "贠": ("yun", "yuan"), "藏": ("zang",),
    "曾": ("zeng",), "查": ("zha",), "翟": ("zhai", "di"), "祭": ("zhai", "ji"),
    "單": ("shan",), "區": ("ou",), "蓋": ("ge", "gai"), "員": ("yun", "yuan"), "樂": ("yue", "le"), "繆": ("miao", "mou"),
    "費": ("fei", "bi"), "諶": ("chen", "shen"), "種": ("chong",),
}  # fmt: skip
"""A surname of one character → its readings, where they are not the first a dictionary gives."""

COMPOUND: dict[str, tuple[str, str]] = {
    "欧阳": ("ou", "yang"), "太史": ("tai", "shi"), "端木": ("duan", "mu"), "上官": ("shang", "guan"), "司马": ("si", "ma"),
    "东方": ("dong", "fang"), "独孤": ("du", "gu"), "南宫": ("nan", "gong"), "万俟": ("mo", "qi"), "闻人": ("wen", "ren"),
    "夏侯": ("xia", "hou"), "诸葛": ("zhu", "ge"), "尉迟": ("yu", "chi"), "公羊": ("gong", "yang"), "赫连": ("he", "lian"),
    "澹台": ("tan", "tai"), "皇甫": ("huang", "fu"), "宗政": ("zong", "zheng"), "濮阳": ("pu", "yang"), "公冶": ("gong", "ye"),
    "太叔": ("tai", "shu"), "申屠": ("shen", "tu"), "公孙": ("gong", "sun"), "慕容": ("mu", "rong"), "仲孙": ("zhong", "sun"),
    "钟离": ("zhong", "li"), "长孙": ("zhang", "sun"), "宇文": ("yu", "wen"), "司徒": ("si", "tu"), "鲜于": ("xian", "yu"),
    "司空": ("si", "kong"), "闾丘": ("lu", "qiu"), "子车": ("zi", "ju"), "亓官": ("qi", "guan"), "司寇": ("si", "kou"),
    "巫马": ("wu", "ma"), "公西": ("gong", "xi"), "颛孙": ("zhuan", "sun"), "壤驷": ("rang", "si"), "公良": ("gong", "liang"),
    "漆雕": ("qi", "diao"), "乐正": ("yue", "zheng"), "宰父": ("zai", "fu"), "谷梁": ("gu", "liang"), "拓跋": ("tuo", "ba"),
    "夹谷": ("jia", "gu"), "轩辕": ("xuan", "yuan"), "令狐": ("ling", "hu"), "段干": ("duan", "gan"), "百里": ("bai", "li"),
    "呼延": ("hu", "yan"), "东郭": ("dong", "guo"), "南门": ("nan", "men"), "羊舌": ("yang", "she"), "微生": ("wei", "sheng"),
    "梁丘": ("liang", "qiu"), "左丘": ("zuo", "qiu"), "西门": ("xi", "men"), "第五": ("di", "wu"), "公乘": ("gong", "sheng"),
    "单于": ("chan", "yu"), "达奚": ("da", "xi"), "褚师": ("chu", "shi"), "仲长": ("zhong", "chang"), "哥舒": ("ge", "shu"),
    "呼衍": ("hu", "yan"), "屈突": ("qu", "tu"), "贺兰": ("he", "lan"), "纳兰": ("na", "lan"), "完颜": ("wan", "yan"),
    "耶律": ("ye", "lu"), "叶赫": ("ye", "he"), "爱新": ("ai", "xin"), "即墨": ("ji", "mo"), "东里": ("dong", "li"),
    "歐陽": ("ou", "yang"), "司馬": ("si", "ma"), "諸葛": ("zhu", "ge"), "尉遲": ("yu", "chi"),
    "長孫": ("zhang", "sun"), "澹臺": ("tan", "tai"), "單于": ("chan", "yu"),
    "公孫": ("gong", "sun"), "東方": ("dong", "fang"), "鮮于": ("xian", "yu"), "萬俟": ("mo", "qi"),
}  # fmt: skip
"""A surname of two characters → the reading of each. `ü` is written `u`, as `spell` writes it."""


def surname_length(name: str) -> int:
    """How many characters of a tidied Chinese name are its surname: 2 where the first two are a known surname and a given name
    follows, else 1; 0 for no name."""
    if name[:2] in COMPOUND and len(name) > 2:
        return 2
    return 1 if name else 0
