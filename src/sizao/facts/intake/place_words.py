"""The kinds of place as files write them, in the engine's own words or in Chinese."""

from __future__ import annotations

from sizao.facts.seats import normal

_WORDS = {
    "other": "其他 其它",
    "dwelling": "住宅 家 家庭 居所 住所 小区住户",
    "office": "办公室 办公场所 单位 写字楼",
    "workshop": "车间 厂房 工厂",
    "meeting_room": "会议室 会场",
    "classroom": "教室 学校",
    "dormitory": "宿舍",
    "ward": "病房 病区",
    "clinic": "门诊 诊所 医院 发热门诊",
    "restaurant": "餐厅 餐馆 饭店 食堂 餐饮",
    "entertainment": "娱乐场所 歌厅 KTV 网吧 酒吧 棋牌室",
    "theatre": "剧场 剧院 影院 电影院",
    "shop": "商店 商场 超市 店铺",
    "market": "市场 农贸市场 菜市场",
    "transit": "公交 公共交通 公交车",
    "station": "车站 火车站 机场 汽车站 候车室",
    "hotel": "酒店 宾馆 旅馆",
    "isolation_site": "隔离点 集中隔离点",
    "outdoor": "室外 户外 广场 公园",
    "sight": "景区 景点",
    "aircraft": "飞机 航班",
    "train_sealed": "列车 火车 高铁 动车",
    "train_sealed_soft_sleeper": "软卧 软卧包厢",
    "train_ordinary": "普通列车 绿皮车",
    "bus_sealed": "客车 大巴 空调客车",
    "bus_ventilated": "通风客车",
    "ship": "轮船 船舶 客轮 船",
    "car": "轿车 私家车 小汽车",
    "metro": "地铁",
    "taxi": "出租车 网约车",
    "care_home": "养老院 福利院 养老机构",
    "detention": "监所 看守所 监狱",
    "worship": "宗教场所 寺庙 教堂 清真寺",
    "gym": "健身房 体育馆",
    "construction_site": "工地 建筑工地",
    "cold_storage": "冷库 冷链",
}

PLACE_KINDS = tuple(_WORDS)
"""The kinds by their codes. A test holds them against the engine's."""

_KINDS = {normal(word): kind for kind, words in _WORDS.items() for word in (kind, *words.split())}


def place_kind(text: str) -> str | None:
    """The kind a cell names, `other` for an empty one, None for a word nobody knows."""
    plain = normal(text)
    return _KINDS.get(plain) if plain else "other"
