"""How alike two texts are: Jaro–Winkler for names, single slips of the pen for numbers."""

from __future__ import annotations

PREFIX = 4
PREFIX_WEIGHT = 0.1


def jaro_winkler(left: str, right: str) -> float:
    """1 for the same, 0 for nothing in common; a common beginning counts for more (Winkler 1990)."""
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    reach = max(len(left), len(right)) // 2 - 1
    taken = [False] * len(right)
    met = []
    for place, sign in enumerate(left):
        for other in range(max(0, place - reach), min(len(right), place + reach + 1)):
            if not taken[other] and right[other] == sign:
                taken[other] = True
                met.append(sign)
                break
    if not met:
        return 0.0
    there = [sign for sign, is_taken in zip(right, taken, strict=True) if is_taken]
    moved = sum(one != two for one, two in zip(met, there, strict=True)) / 2
    same = len(met)
    jaro = (same / len(left) + same / len(right) + (same - moved) / same) / 3
    prefix = 0
    for one, two in zip(left[:PREFIX], right[:PREFIX], strict=False):
        if one != two:
            break
        prefix += 1
    return jaro + prefix * PREFIX_WEIGHT * (1 - jaro)


def one_slip(left: str, right: str) -> bool:
    """One sign too many, too few, wrong, or two neighbours in each other's place."""
    if left == right:
        return False
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > 1:
        return False
    place = next((i for i, (one, two) in enumerate(zip(left, right, strict=False)) if one != two), len(left))
    if len(left) < len(right):
        return left[place:] == right[place + 1 :]
    rest_left, rest_right = left[place:], right[place:]
    swapped = rest_left[:2] == rest_right[:2][::-1] and rest_left[2:] == rest_right[2:]
    return rest_left[1:] == rest_right[1:] or swapped
