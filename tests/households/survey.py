"""A made-up survey in the shape of the one of Costa Rica: a row a member, four levels, empty rents, squares of ages."""

from __future__ import annotations

import csv
import random
from pathlib import Path

YES_NO = (
    "refrig", "computer", "television", "mobilephone", "v18q", "dis", "epared1", "etecho1", "eviv1", "abastaguano",
    "sanitario1", "sanitario5", "energcocinar4",
)  # fmt: skip


def written(path: Path, *, households: int = 400, seed: int = 7, noise: bool = False) -> Path:
    """Poverty follows schooling, children, crowding and goods; with `noise` the label follows nothing."""
    chance = random.Random(seed)
    rows = [row for number in range(households) for row in _household(number, chance, noise)]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _household(number: int, chance: random.Random, noise: bool) -> list[dict[str, object]]:
    hardship = chance.gauss(0, 1)
    size = max(1, min(9, round(3 + hardship + chance.gauss(0, 1))))
    rooms = max(1, round(5 - hardship + chance.gauss(0, 1)))
    goods = {
        name: int(chance.random() < 1 / (1 + 2.7 ** (hardship * (1 if good else -1) + 1)))
        for name, good in ((name, False) for name in YES_NO)
    }
    for name in ("refrig", "computer", "television", "mobilephone", "v18q"):
        goods[name] = int(chance.random() < 1 / (1 + 2.7**hardship))
    deep = chance.gauss(0, 1) if noise else hardship + chance.gauss(0, 0.8)
    level = 1 if deep > 1.5 else 2 if deep > 0.8 else 3 if deep > 0 else 4
    members: list[dict[str, object]] = []
    for place in range(size):
        age = chance.randint(20, 70) if place < 2 else chance.randint(0, 18)
        school = (
            max(0, min(17, round(9 - 2.5 * hardship + chance.gauss(0, 2)))) if age > 17 else min(age, 9) // 2
        )
        members.append(
            {
                "Id": f"ID_{number:05d}_{place}",
                "idhogar": f"h{number:05d}",
                "parentesco1": int(place == 0),
                "hhsize": size,
                "rooms": rooms,
                "v2a1": "" if chance.random() < 0.7 else chance.randint(50, 400) * 1000,
                "meaneduc": "" if chance.random() < 0.02 else school,
                "escolari": school,
                "age": age,
                "SQBage": age * age,
                "where": f"region {number % 5}",
                **goods,
                "Target": level if place == 0 or chance.random() > 0.02 else 4,
            }
        )
    chance.shuffle(members)
    return members
