"""Names of people in folded text: their form, and how they are told from words."""

from __future__ import annotations

import re

from transforms.text.charmodel import gain_of_pair

HAN = r"[\u3400-\u9fff]"
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚"
    "符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农"
    "司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙"
    "荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥班储栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻"
    "厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿狄计索宣晋初云容敬扈晁芮普阙浦戈伏鹿薄邸雍"
    "辜羊阿乌母裘亓修邰赫杭况宿鲜印逯隆茹诺战慕危银亢嵇哈湛宾戎勾茅於呼揭尉冶斯束檀衣展阴昝智幸奉"
    "植衡富尧闭堵暴萧傅阎沉钮暨岩遇俸洪赖綦丘蔚候粘罕戢"
)
"""Surnames, most frequent first, without those that are everyday words (时 和 明 来 …): they begin
all but one of the 155 names of reporters in news_hant_taiwan."""
_COMPOUND = frozenset(
    "欧阳 上官 司马 诸葛 皇甫 尉迟 令狐 慕容 司徒 东方 夏侯 公孙 长孙 宇文 轩辕 端木 独孤 南宫 "
    "西门 呼延 闻人 申屠 太史 澹台 淳于 单于 张简 范姜".split()
)
NOT_NAMES = frozenset(
    "佚名 匿名 本站 本网 本报 网络 管理员 小编 编辑 记者 作者 原创 未知 新闻 转载 "
    "综合 整理 报道 摄影 编辑部 办公室 宣传部 系统 "
    "无名氏 站长 来源 新华社 中新社 通讯员 评论员 本刊 责编 责任编辑 校对 审核 监制 "
    "摄影报道 供图 即时报道 综合报道 台北报道 "
    "单位 时间 日期 发布 热线 电话 全文 详情 更多 打印 分享 收藏 首页 正文 不详 "
    "暂无 供稿 撰稿 文图 图文 资料 图片 实习 见习 实习生 "
    "手记 观察 调查 点评 感言 提问 体验 探访 回访 连线 来信 随笔 之家 "
    "部落客 网友 读者 笔者 博主 学生 家长 志工 义工 专家 特稿".split()
)
_NAME_RE = re.compile(rf"{HAN}{{2,4}}|{HAN}{{1,6}}(?:[·・.]{HAN}{{1,8}}){{1,3}}")
_SPLIT_RE = re.compile(r"[\s、,;/|&和及_()]+")
_ORGANISATION_RE = re.compile(
    "(?:日报|晚报|早报|晨报|时报|商报|网|社|台|局|厅|委|部|处|院|校|所|公司|集团|"
    "中心|新闻|频道|周刊|杂志|办|组|会|学|报|队|馆|站|教授|博士|主任|院长|校长|律师|"
    "医师|医生|老师|研究员|书记|市长|县长|主席|经理|记者|通讯员)$"
)
"""Endings of institutions, which are no people; two-hanzi names may end like one (高学)."""
_WORD_GAIN = 2.0
"""Gain of a pair of hanzi, in nats, from which two of them are a word: 观察 has 5.5, 高考 3.5, 陈立
0.5, 周倩 -1.1. The first two hanzi of nine in ten reporters of news_hant_taiwan have less."""
_WORD_START_GAIN = 3.0
"""Gain from which the first two of three hanzi are a word, where the last two are no name's."""


def names(text: str, start: int = 0, stop: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of names in a list of names; halves of one hanzi are one name.

    >>> [ "陈 军、孙焱"[a:b] for a, b in names("陈 军、孙焱") ]
    ['陈 军', '孙焱']
    """
    stop = len(text) if stop is None else stop
    spans: list[tuple[int, int]] = []
    half: tuple[int, int] | None = None
    at = start
    for gap in [*_SPLIT_RE.finditer(text, start, stop), None]:
        a, b = at, gap.start() if gap else stop
        at = gap.end() if gap else stop
        word = text[a:b]
        if len(word) == 1 and re.match(HAN, word):
            if half and text[half[1] : a].strip() == "":
                spans.append((half[0], b))
                half = None
            else:
                half = (a, b)
            continue
        half = None
        if is_name(word):
            spans.append((a, b))
    return spans


def is_name(word: str) -> bool:
    """Return whether a word has the form of a person's name and is no role or institution.

    >>> [is_name(w) for w in ("费菲", "买买提·艾山", "FD31", "system", "金山网", "佚名")]
    [True, True, False, False, False, False]
    """
    if not _NAME_RE.fullmatch(word) or word in NOT_NAMES:
        return False
    return len(word) < 3 or not _ORGANISATION_RE.search(word)


def is_person(word: str) -> bool:
    """Return whether a word is a name beyond doubt: a surname, and no word that prose uses.

    >>> [is_person(w) for w in ("周倩", "欧阳小明", "高考", "手记", "在现场", "江苏省")]
    [True, True, False, False, False, False]
    """
    if not is_name(word):
        return False
    if any(map(word.__contains__, "·・.")):
        return not any(map(_ORGANISATION_RE.search, re.split("[·・.]", word)))
    if word[:2] in _COMPOUND:
        return len(word) > 2
    if word[0] not in SURNAMES or len(word) > _LONGEST:
        return False
    if len(word) == _LONGEST and gain_of_pair(word[1], word[2]) < 0:
        return True
    return gain_of_pair(word[0], word[1]) < (_WORD_GAIN, _WORD_START_GAIN)[len(word) - 2]


_LONGEST = 3


def looks_like_word(word: str) -> bool:
    """Return whether a word that may be a name is rather one of a text: 观察, 手记."""
    return not is_name(word) or gain_of_pair(word[0], word[1]) >= _WORD_GAIN


def split_place(run: str) -> int | None:
    """Return the length of the name at the start of a run of hanzi that may end in a place.

    >>> [split_place(run) for run in ("周倩台北", "周小倩长沙", "李方石家庄", "周倩", "采访时")]
    [2, 3, 2, 2, None]
    """
    if is_person(run):
        return len(run)
    known = (n for n in (3, 2, 4) if _is_long_place(run[n:]))
    return next((n for n in (*known, len(run) - 2) if n > 1 and is_person(run[:n])), None)


def is_place(word: str) -> bool:
    """Return whether a word behind a reporter's name can be the place that he reports from."""
    return _is_long_place(word) or (len(word) == _SHORT_PLACE and word not in NOT_NAMES)


def _is_long_place(word: str) -> bool:
    return word in _LONG_PLACES or bool(_PLACE_RE.fullmatch(word))


_SHORT_PLACE = 2
_PLACE_RE = re.compile(rf"{HAN}{{2,4}}(?:[省市县区州盟旗镇乡村岛]|机场|国会|法院)")
_LONG_PLACES = frozenset(
    (
        "石家庄 哈尔滨 秦皇岛 张家口 连云港 景德镇 攀枝花 齐齐哈尔 牡丹江 佳木斯 满洲里 呼伦贝尔 "
        "防城港 呼和浩特 乌鲁木齐 西双版纳 张家界 六盘水 葫芦岛 马鞍山 平顶山 三门峡 驻马店 "
        "嘉峪关 克拉玛依 鄂尔多斯 日喀则 香格里拉 雄安新区 新加坡 吉隆坡 雅加达 马尼拉 新德里 "
        "伊斯兰堡 喀布尔 德黑兰 巴格达 大马士革 耶路撒冷 特拉维夫 安卡拉 伊斯坦布尔 阿布扎比 "
        "利雅得 莫斯科 圣彼得堡 布拉格 布达佩斯 维也纳 日内瓦 苏黎世 法兰克福 慕尼黑 布鲁塞尔 "
        "阿姆斯特丹 哥本哈根 斯德哥尔摩 奥斯陆 赫尔辛基 马德里 巴塞罗那 里斯本 贝尔格莱德 "
        "布加勒斯特 华盛顿 洛杉矶 旧金山 西雅图 芝加哥 波士顿 休斯敦 迈阿密 联合国 渥太华 多伦多 "
        "温哥华 蒙特利尔 墨西哥城 哈瓦那 圣保罗 里约热内卢 布宜诺斯艾利斯 圣地亚哥 堪培拉 墨尔本 "
        "惠灵顿 奥克兰 内罗毕 亚的斯亚贝巴 约翰内斯堡 开普敦 阿布贾 达喀尔 突尼斯 阿尔及尔 "
        "乌兰巴托 符拉迪沃斯托克"
    ).split()
)
"""Datelines of three hanzi and more, which a name may be glued to; any two hanzi are taken."""
