"""Generate pages for load tests: grammatical shape, random content, no page like another.

python benchmarks/generate.py --pages 100000 --chars 1500 --output pages.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

PLACES = (
    "城东 城西 江北 海滨 山南 河口 湖畔 新区 老城 开发区 高新区 港区 县城 乡镇 村庄 校园".split()
)
SUBJECTS = (
    "市政府 代表团 研究所 工程师 学生 教师 医院 企业 农户 志愿者 交通部门 气象台 图书馆 "
    "博物馆 合作社 检查组 专家组 消防队 居民 游客 运动员 记者 科研团队 施工单位 社区 学校 "
    "银行 法院 海关 铁路局"
).split()
VERBS = (
    "介绍 完成 启动 推进 建设 检查 研究 发布 举办 参加 支持 帮助 改善 提高 扩大 修复 保护 开展 "
    "组织 公布 讨论 通过 制定 落实 调整 减少 增加 安排 评估 试验"
).split()
OBJECTS = (
    "道路工程 供水管网 科普活动 春耕生产 防汛准备 旧房改造 技术培训 环境治理 公共交通 招生工作 "
    "体育比赛 文物修缮 网络服务 医疗保障 粮食收购 林地养护 桥梁检测 河道清淤 消费补贴 人才引进 "
    "志愿服务 图书展览 安全演练 电力检修 停车管理 养老服务 垃圾分类 旅游线路 渔业资源 职业教育"
).split()
TIMES = "昨日 今天上午 本周 上月 近日 年初 去年 下半年 节日期间 雨季之前 傍晚时分 开学以来".split()


def sentence(dice: random.Random) -> str:
    """Return one made-up sentence."""
    first = f"{dice.choice(TIMES)}{dice.choice(PLACES)}{dice.choice(SUBJECTS)}"
    clauses = [
        f"{dice.choice(VERBS)}{dice.choice(OBJECTS)}{dice.randrange(2, 9999)}项"
        for _ in range(dice.randrange(1, 4))
    ]
    return f"{first}{'，'.join(clauses)}。"


def page(dice: random.Random, chars: int) -> str:
    """Return a page of about `chars` code points, in paragraphs of three to six sentences."""
    paragraphs: list[str] = []
    size = 0
    while size < chars:
        paragraphs.append("".join(sentence(dice) for _ in range(dice.randrange(3, 7))))
        size += len(paragraphs[-1]) + 1
    return "\n".join(paragraphs)[:chars]


def pages(count: int, chars: int, seed: int = 0) -> Iterator[str]:
    """Yield `count` pages; the same seed gives the same ones."""
    dice = random.Random(seed)
    return (page(dice, chars) for _ in range(count))


def write_jsonl(path: Path, count: int, chars: int, seed: int = 0) -> None:
    """Write pages as JSONL with an `id` and a `text`."""
    with path.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(pages(count, chars, seed)):
            row = {"id": f"generated-{number}", "text": text}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--chars", type=int, default=1500, help="code points of a page")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    write_jsonl(given.output, given.pages, given.chars, given.seed)
