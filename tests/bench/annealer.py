"""A plain annealer of forty lines, lists and whole numbers only: the yardstick of how fast this machine is.

It seats 40 people at tables of four for four rounds: affinities, past meetings, wishes, repeats.
"""

import math
import random
import time

PEOPLE, ROUNDS, SIZE, POINTS = 40, 4, 4, (0, 120, 180, 210, 220)


def proposals_per_second(proposals: int = 100_000) -> float:
    """How many swaps a CPU second this machine proposes, judges and takes or leaves in plain Python."""
    draw = random.Random(1)
    value = [[0] * PEOPLE for _ in range(PEOPLE)]
    for a in range(PEOPLE):
        for b in range(a):
            value[a][b] = value[b][a] = draw.randint(0, 100) - 60 * (draw.random() < 0.25)
    wants = [set(draw.sample(range(PEOPLE), 2)) for _ in range(PEOPLE)]
    plan = [draw.sample(range(PEOPLE), PEOPLE) for _ in range(ROUNDS)]
    met = [[0] * PEOPLE for _ in range(PEOPLE)]
    for people in plan:
        for start in range(0, PEOPLE, SIZE):
            for a in people[start : start + SIZE]:
                for b in people[start : start + SIZE]:
                    met[a][b] += a != b
    got = [sum(met[one][other] > 0 for other in wants[one]) for one in range(PEOPLE)]
    began = time.process_time()
    for number in range(proposals):
        heat = 70 * (9 / 70) ** (number / proposals)
        people = plan[draw.randrange(ROUNDS)]
        here, there = draw.randrange(PEOPLE), draw.randrange(PEOPLE)
        left, right = here - here % SIZE, there - there % SIZE
        if left == right:
            continue
        a, b = people[here], people[there]
        moves = [(a, other, -1) for other in people[left : left + SIZE] if other != a]
        moves += [(b, other, 1) for _, other, _ in moves]
        moves += [(b, other, -1) for other in people[right : right + SIZE] if other != b]
        moves += [(a, other, 1) for _, other, _ in moves[-SIZE + 1 :]]
        delta = 0
        granted: dict[int, int] = {}
        for one, other, step in moves:
            times = met[one][other]
            if times + (step > 0) == 1:
                delta += step * value[one][other]
                if other in wants[one]:
                    granted[one] = granted.get(one, 0) + step
                if one in wants[other]:
                    granted[other] = granted.get(other, 0) + step
            else:
                delta += -300 * times if step > 0 else 300 * (times - 1)
        for one, more in granted.items():
            delta += POINTS[min(4, got[one] + more)] - POINTS[min(4, got[one])]
        if delta >= 0 or draw.random() < math.exp(delta / heat):
            people[here], people[there] = b, a
            for one, other, step in moves:
                met[one][other] = met[other][one] = met[one][other] + step
            for one, more in granted.items():
                got[one] += more
    return proposals / (time.process_time() - began)
