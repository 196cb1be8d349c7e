"""Parts of a page that hold no article, by element and by the names given to them."""

from __future__ import annotations

import re

PART_OF_TAG = {
    "nav": "navigation",
    "footer": "site_footer",
    "aside": "sidebar",
    "menu": "navigation",
    "button": "form_control",
    "select": "form_control",
    "textarea": "form_control",
    "form": "form_control",
    "dialog": "form_control",
    "figcaption": "figure_caption",
}

_NAMES = (
    (
        "figure_caption",
        "caption captions figcaption picdesc pic_desc pic-desc img_desc img-desc img_descr imgdesc"
        " pictext pic_text img-title tushuo tuzhu photo-desc",
    ),
    (
        "comment_box",
        "comment comments cmt cmts commentlist pinglun liuyan disqus guestbook respond replies",
    ),
    (
        "related_list",
        "related relate relative relnews relatednews relatedread relation recommend recommends"
        " recommended recom recommendation tuijian xiangguan xgyd xgxw xgwz remen rank"
        " ranking rankings hotnews hotlist hot paihang phb morenews othernews guess like youlike"
        " interested readmore popular latest trending",
    ),
    (
        "share_bar",
        "share shares sharing shared social sns fenxiang bdshare bdsharebuttonbox jiathis sharebar"
        " sharebox qrcode ewm erweima saoyisao weixinma follow toolbar tools print zan",
    ),
    (
        "navigation",
        "nav navs navbar navi navigation navigator menu menus submenu daohang breadcrumb"
        " breadcrumbs crumb crumbs topbar topnav subnav mainnav weizhi pagination pager"
        " pagebar prenext prevnext",
    ),
    (
        "site_footer",
        "footer foot footers bottom-nav copyright copyrights banquan dibu flink flinks"
        " friendlink friendlinks links youlian yqlj icp beian bottombar",
    ),
    ("sidebar", "sidebar sidebars aside rightbar rightbox rightside sidebox right-side"),
    (
        "advert",
        "ad ads advert adverts advertisement adbox ad-box ad-slot adslot ad-wrap ad-container"
        " inline-ads adsense guanggao banner popup promotion sponsor",
    ),
    ("login_box", "login signin signup register regist denglu loginbox modal dialog"),
)
"""Names that Chinese and common templates give to such parts, in English and in pinyin. A name
weakens its lines and never takes out prose that stands in the article."""
_PART_OF_NAME = {name: part for part, names in _NAMES for name in names.split()}

_TOKEN_RE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def part_of_names(classes: str, identity: str) -> str:
    """Return the part that class and id give their element; empty if they say nothing.

    >>> part_of_names("g-row relatedNews", ""), part_of_names("article_header", "art")
    ('related_list', '')
    """
    for name in (*classes.split(), *identity.split()):
        part = _PART_OF_NAME.get(name.lower())
        if part:
            return part
        for token in _TOKEN_RE.findall(name)[:4]:
            part = _PART_OF_NAME.get(token.lower())
            if part and len(token) > 2:
                return part
    return ""
