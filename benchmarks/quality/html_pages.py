"""Pages of HTML with known truth, in layouts and with class names that no rule knows.

Every page is an article inside a site: navigation, breadcrumb, label row, related list, comments,
footer and spam that its style hides. Names of classes are random letters, so that structure alone
tells the article from the rest; one page in four has a charset that is not the one it declares.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from structure_pages import Article

MEDIA = "江城日报 青石桥晚报 东湖新闻网 云岭都市报 海滨早报 长桥电视台".split()
NAMES = "周文涛 李晓岚 陈立新 王思远 赵一鸣 孙雨桐 何静怡 郑海峰".split()
SITES = "江城网 东湖在线 云岭新闻 海滨传媒网".split()
MENU = "首页 时政 社会 财经 体育 文化 教育 健康 房产 汽车 图片 视频 专题 论坛".split()
HEADLINES = (
    "老城区二十条小巷完成雨污分流",
    "秋粮收购进入高峰 农户手机上查价",
    "市图书馆夜间开放延长到十点",
    "新建公交首末站本周末投入使用",
    "社区食堂推出三元早餐",
    "河道清淤工程提前半个月完工",
    "中学生机器人比赛在我市举行",
    "体检车开进偏远村组",
)
SPAM = "澳门新葡京官网 百家乐平台 时时彩开户 私服发布网 代开发票 成人视频在线观看"
COMMENTS = (
    "写得真好，支持一下。",
    "我家就住在附近，确实方便多了！",
    "希望早点把路灯装上，晚上走起来心里踏实，孩子放学回家也不用绕远路了。",
    "去年我就反映过这个问题，当时说要等经费，现在总算动工了，感谢社区的工作人员。",
    "建议多设几个垃圾桶，周末人一多，地上到处是瓶子，清洁工师傅太辛苦了。",
)
ABSTRACTS = (
    "记者从住建部门获悉，雨污分流工程共涉及四个街道，惠及居民六千余户，管网全部换新。",
    "今年全市早稻、中稻长势良好，收购企业开辟了绿色通道，农户排队时间缩短了一半。",
    "延长开放后，夜间到馆读者平均每天增加三百多人，自习座位可以提前一天预约。",
)
HIDING = (
    'style="display:none"',
    'style="visibility: hidden"',
    'style="position:absolute;left:-9999px"',
    'style="font-size:0"',
    'style="text-indent:-9999px"',
    'style="height:0;overflow:hidden"',
    'style="color:#fff;background:#ffffff"',
    "hidden",
    'class="hide"',
    'class="zq9"',
)
"""Ways to hide; the last is a rule of the page's own style sheet."""
CHARSETS = (
    ("utf-8", "utf-8"),
    ("gb18030", "gb2312"),
    ("utf-8", "gb2312"),
    ("gb18030", "utf-8"),
)
"""(bytes, declared): the last two lie."""


@dataclass
class Built:
    """A page with its truth.

    Attributes:
        data: the bytes.
        encoding: what they are.
        title: as it must come out; likewise the other fields.
        body: paragraphs and table rows of the article.
        planted: what must not come out.
        lies: whether the page declares another charset.
    """

    data: bytes
    encoding: str
    title: str
    body: list[str]
    date: str
    source: str
    editor: str
    planted: list[str] = field(default_factory=list)
    lies: bool = False


def generate(articles: list[Article], pages: int, seed: int) -> list[Built]:
    """Return `pages` pages; the same seed always gives the same."""
    dice = random.Random(seed)
    return [_build(dice, dice.choice(articles)) for _ in range(pages)]


def _build(dice: random.Random, article: Article) -> Built:
    encoding, declared = dice.choice(CHARSETS)
    date = f"20{dice.randint(10, 24)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    page = Built(
        b"",
        encoding,
        article.title,
        [p for p in article.paragraphs if p.strip()][: dice.choice((1, 2, 5, 40))],
        f"{date} {dice.randint(6, 22):02}:{dice.randint(0, 59):02}",
        dice.choice(MEDIA),
        dice.choice(NAMES),
        lies=encoding != declared and {encoding, declared} != {"gb18030", "gb2312"},
    )
    source = _page(dice, page, declared)
    page.data = source.encode(encoding, "xmlcharrefreplace")
    return page


def _page(dice: random.Random, page: Built, declared: str) -> str:
    site, name = dice.choice(SITES), _names(dice)
    told_by = dice.choice(("rows", "meta", "json"))
    head = _head(page, site, declared, told_by)
    labels = _labels(dice, page) if told_by == "rows" else ""
    article = dice.choice(LAYOUTS)(dice, page, labels, name)
    parts = [
        _menu(name),
        f'<div class="{name()}">当前位置：<a href="/">首页</a> &gt; <a href="/n">新闻</a></div>',
        _section(dice, page, name, "sidebar"),
        article,
        _related(dice, page, name),
        _section(dice, page, name, "comments"),
        _footer(dice, page, site, name),
    ]
    filler = "<script>" + "var cfg={};function f(a,b){return a<b&&b>0}\n" * dice.randint(50, 400)
    return f"<!DOCTYPE html><html>{head}<body>{filler}</script>{''.join(parts)}</body></html>"


def _names(dice: random.Random) -> Callable[[], str]:
    """Return a source of class names that say nothing."""
    return lambda: "".join(dice.choices("bcdfghjkmpqrstvwxyz", k=dice.randint(2, 5)))


def _head(page: Built, site: str, declared: str, told_by: str) -> str:
    date = page.date.replace(" ", "T") + ":00+08:00"
    meta = ""
    if told_by == "meta":
        meta = (
            f'<meta property="og:title" content="{html.escape(page.title)}">'
            f'<meta name="publishdate" content="{page.date}">'
            f'<meta name="source" content="来源：{page.source}">'
            f'<meta name="editor" content="{page.editor}">'
        )
    elif told_by == "json":
        told = {"@type": "NewsArticle", "headline": page.title, "datePublished": date}
        meta = (
            f'<script type="application/ld+json">{json.dumps(told, ensure_ascii=False)}</script>'
            f'<meta name="ContentSource" content="{page.source}">'
            f'<meta name="editor" content="{page.editor}">'
        )
    return (
        f'<head><meta charset="{declared}"><title>{html.escape(page.title)}_{site}</title>{meta}'
        "<style>.zq9 { display: none }\nbody { margin: 0 }</style></head>"
    )


def _labels(dice: random.Random, page: Built) -> str:
    forms = (
        f"<span>{page.date}</span><span>来源：{page.source}</span><span>编辑：{page.editor}</span>",
        f"发布时间：{page.date}　来源：{page.source}　责任编辑：{page.editor}",
        f"<i>来源：</i><a href=/s>{page.source}</a> <b>{page.date}</b> <i>责编：{page.editor}</i>",
    )
    return dice.choice(forms)


def _spam(dice: random.Random, page: Built) -> str:
    """Return a block or a span of spam that its style hides."""
    words = dice.sample(SPAM.split(), 3)
    text = "，".join(words) + "，欢迎访问。"
    page.planted.append(text)
    tag = dice.choice(("div", "p", "span"))
    return f"<{tag} {dice.choice(HIDING)}>{text}</{tag}>"


def _soup(dice: random.Random, page: Built, labels: str, name: Callable[[], str]) -> str:
    """Paragraphs are divs in divs."""
    body = "".join(
        f'<div class="{name()}"><div><span style="color:#333">{html.escape(p)}</span></div></div>'
        for p in page.body
    )
    return (
        f'<div class="{name()}"><div class="{name()}">{html.escape(page.title)}</div>'
        f'<div class="{name()}">{labels}</div>'
        f'<div class="{name()}">{_spam(dice, page)}{body}</div></div>'
    )


def _breaks(dice: random.Random, page: Built, labels: str, name: Callable[[], str]) -> str:
    """Paragraphs are parted by `<br>` in one cell of a layout table."""
    body = "<br>\n<br>".join("　　" + html.escape(p) for p in page.body)
    return (
        f"<table width=900><tr><td colspan=2 align=center><font size=5>{html.escape(page.title)}"
        f"</font></td></tr><tr><td>{labels}</td></tr><tr><td class={name()}>{body}"
        f"{_spam(dice, page)}</td></tr></table>"
    )


def _paragraphs(dice: random.Random, page: Built, labels: str, name: Callable[[], str]) -> str:
    """Plain paragraphs under a heading, with a picture and a table of figures."""
    rows = [("项目", "数量"), ("步道（米）", "320"), ("路灯（盏）", "86")]
    table = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)
    at = len(page.body) // 2 + 1
    body = "".join(f"<p>{html.escape(p)}</p>" for p in page.body[:at])
    rest = "".join(f"<p>{html.escape(p)}</p>" for p in page.body[at:])
    if rest:
        page.body[at:at] = [f"{a}{b}" for a, b in rows]
    return (
        f'<div class="{name()}"><h1>{html.escape(page.title)}</h1><div>{labels}</div>{body}'
        f"{_spam(dice, page)}{f'<table>{table}</table>' if rest else ''}{rest}</div>"
    )


def _nested(dice: random.Random, page: Built, labels: str, name: Callable[[], str]) -> str:
    """An editor's sections: every paragraph deep in wrappers of its own."""
    body = "".join(
        f"<section><section><section><p>{html.escape(p)}</p></section></section></section>"
        for p in page.body
    )
    return (
        f'<div id="{name()}"><h2>{html.escape(page.title)}</h2><p>{labels}</p>'
        f"<div>{body}</div>{_spam(dice, page)}</div>"
    )


LAYOUTS = (_soup, _breaks, _paragraphs, _nested)


def _menu(name: Callable[[], str]) -> str:
    return f'<div class="{name()}">{_links("/{}/", MENU)}</div>'


def _related(dice: random.Random, page: Built, name: Callable[[], str]) -> str:
    headlines = dice.sample(HEADLINES, 6)
    page.planted += headlines
    heading = dice.choice(("相关新闻", "热点推荐"))
    return f'<div class="{name()}"><h3>{heading}</h3>{_links("/a/{}.html", headlines)}</div>'


def _links(address: str, words: list[str]) -> str:
    items = (f'<li><a href="{address.format(i)}">{word}</a></li>' for i, word in enumerate(words))
    return f"<ul>{''.join(items)}</ul>"


_SECTIONS = {
    "sidebar": (
        "<h4>今日头条</h4>",
        ABSTRACTS,
        '<div class="{name}"><a href="/s/{i}">{headline}</a><p>{text}</p></div>',
    ),
    "comments": (
        "<div>网友评论(3)</div>",
        COMMENTS,
        '<div class="{name}"><a href="/u/{i}">网友{i}</a> {n}小时前<p>{text}</p></div>',
    ),
}
"""Parts that one page in two has: heading, texts, shape of an item."""


def _section(dice: random.Random, page: Built, name: Callable[[], str], kind: str) -> str:
    if dice.random() < 0.5:
        return ""
    heading, texts, item = _SECTIONS[kind]
    page.planted += texts
    items = "".join(
        item.format(name=name(), i=i, n=i + 1, headline=HEADLINES[i], text=text)
        for i, text in enumerate(texts)
    )
    return f'<div class="{name()}">{heading}{items}</div>'


def _footer(dice: random.Random, page: Built, site: str, name: Callable[[], str]) -> str:
    lines = (
        "关于我们 | 广告服务 | 联系我们 | 版权声明",
        f"{site}版权所有 未经授权不得转载",
        f"苏ICP备{dice.randint(10**7, 10**8 - 1)}号-1 违法和不良信息举报电话：0512-00000000",
    )
    page.planted += lines
    return f'<div class="{name()}">' + "".join(f"<p>{line}</p>" for line in lines) + "</div>"
