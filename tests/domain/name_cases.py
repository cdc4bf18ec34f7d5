"""The table of cases for finding people, which house and phone must answer alike: `python -m tests.domain.name_cases`.

It is written anew after a deliberate change of `organizer.domain.names`, and then read through: what differs is what
has changed at the door.
"""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from organizer.domain.names import Named, prepare, rank
from tests.domain.name_asking import Query, queries
from tests.domain.name_crowds import crowd

DATA: Final = Path(__file__).parent / "data"
CASES: Final = DATA / "name_cases.json"
PEOPLE: Final = 110
OF_EACH_KIND: Final = 4
SHOWN: Final = 5
ODD: Final = (
    "", " ", "　", "!!", "の", "ん", "っ", "ー", "株式会社", "(株)", "Inc.", "さん", "様", "a", "s", "0", "高",
    "zzzzzz", "鬼瓦", "\U00020bb7田", "𠮷田 𠮷", "👩‍💻", "a" * 100, "たかはし\U000e0100", "髙\ufe00橋", "takahashi-san",
    "Mr. Smith", "oh", "ohe", "青空の高橋さん", "たかはしさん けんじ", "々", "佐々木々", "ﾞ", "が\u3099", "é", "Ω",
    "İstanbul", "ẞ", "‮たかはし", "高橋/青空", "k. ono", "K.Ono", "Takahashi M", "K．Takahashi", "o o", "おおのh",
    "たかはsh", "髙橋(株式会社青空工務店)", "株式会社青空工務店　代表取締役社長　髙橋健二 様", "【渡辺】印刷",
    "ceo", "社長 社長", "yutak", "Bright Works Pte. Ltd. 齋藤", "きのみた", "誠の高橋", "...", "( )",
)  # fmt: skip


def people() -> list[Named]:
    """Forty of the judged queries and a crowd, so that most names are there more than once."""
    judged = json.loads((DATA / "name_queries.json").read_text(encoding="utf-8"))["people"]
    others = [somebody.named for somebody in crowd(PEOPLE - len(judged), 11)]
    return [Named(**person) for person in judged] + [
        named._replace(id=named.id + len(judged)) for named in others
    ]


def asked() -> list[str]:
    """The judged queries, a few of every kind, and odd ones."""
    judged = json.loads((DATA / "name_queries.json").read_text(encoding="utf-8"))["queries"]
    chance = random.Random(29)
    by_kind: dict[str, list[Query]] = defaultdict(list)
    for query in queries(crowd(PEOPLE - 40, 11), 11):
        by_kind[query.kind].append(query)
    some = [
        query.text
        for _, found in sorted(by_kind.items())
        for query in chance.sample(found, min(len(found), OF_EACH_KIND))
    ]
    return list(dict.fromkeys([case["query"] for case in judged] + some + list(ODD)))


def table() -> dict[str, Any]:
    """People and queries with the first five who are meant."""
    room = prepare(people())
    return {
        "people": [person._asdict() for person in people()],
        "queries": [{"query": query, "first": rank(query, room)[:SHOWN]} for query in asked()],
    }


def main() -> None:
    """Write the table, one case a line."""
    found = table()
    lines = [
        f'  "{part}": [\n' + ",\n".join(f"    {_line(row)}" for row in found[part]) + "\n  ]"
        for part in found
    ]
    CASES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


if __name__ == "__main__":
    main()
