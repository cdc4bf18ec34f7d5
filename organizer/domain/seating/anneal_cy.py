# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, annotation_typing=False
"""The hot loop of the search: swaps of two people within a round, judged by what they change, at a temperature.

Plain Python with whole numbers throughout; the types beside it (`anneal_cy.pxd`) let a compiler make a module of the
same name and the same results of it. Nothing in here may overflow 64 bits, divide a negative number, or use a float.
"""

from array import array
from typing import Final

FLAG: Final = 1024
"""Values are kept multiplied by this, and the rest counts the wishes they touch."""
UNLAWFUL: Final = -(1 << 30)
MASK: Final = (1 << 64) - 1


class Annealer:
    """A plan that changes by swaps, its score, and the best it has been.

    Seats are addressed by round and place, `round * n + place`; the places of a table are neighbours. All arrays hold
    32-bit integers and belong to the caller, who may read them between two calls:
    `who` person at a place, `pos` place of a person (-1: not there), `low` and `high` the places of the same table,
    `table` its number, `free` whether a person may be swapped alone in a round, `movable` those people, `movables`
    their number by round, `home` a person's published table (-1: none), `times` how many rounds each two share,
    `value` of a first meeting (UNLAWFUL: may not meet), `want` 1 where the row wants to meet the column, `liked` those whom
    each person would like to meet in rows of `liking`, `likes` their number, `groups` of people who keep together as
    (round, from, to) into `members`, `wish_points` by number of wishes met, `logs` the quantiles of -ln u in 1/1024.
    """

    def __init__(
        self, n: int, first: int, rounds: int, arrays: dict[str, "array[int]"], moved_cost: int
    ) -> None:
        self.n = n
        self.first = first
        self.rounds = rounds
        self.repeat = 0
        self.ban = 0
        self.moved_cost = moved_cost
        self.who = arrays["who"]
        self.best = arrays["best"]
        self.pos = arrays["pos"]
        self.low = arrays["low"]
        self.high = arrays["high"]
        self.table = arrays["table"]
        self.free = arrays["free"]
        self.movable = arrays["movable"]
        self.movables = arrays["movables"]
        self.home = arrays["home"]
        self.past = arrays["past"]
        self.times = arrays["times"]
        self.value = arrays["value"]
        self.want = arrays["want"]
        self.got = arrays["got"]
        self.gain = arrays["gain"]
        self.loss = arrays["loss"]
        self.liked = arrays["liked"]
        self.likes = arrays["likes"]
        self.liking = len(arrays["liked"]) // max(1, n)
        self.groups = arrays["groups"]
        self.members = arrays["members"]
        self.traded = arrays["traded"]
        self.wish_points = arrays["wish_points"]
        self.most_wishes = len(arrays["wish_points"]) - 1
        self.logs = arrays["logs"]
        self.state = 1
        self.multi = 0
        self.full = 4
        self.allmask = (1 << rounds) - 1
        self.score = 0
        self.best_score = 0

    def sow(self, seed: int) -> None:
        """Start the generator anew."""
        state = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & MASK
        self.state = (state ^ (state >> 31)) | 1

    def reset(self, repeat: int, ban: int) -> None:
        """Count everything anew from `who` at these costs of a repeat and of an unlawful pair; the best is this plan."""
        n = self.n
        self.repeat = repeat
        self.ban = ban
        for at in range(n * n):
            self.times[at] = self.past[at]
        for number in range(self.first, self.rounds):
            base = number * n
            for place in range(n):
                one = self.who[base + place]
                if one < 0:
                    continue
                self.pos[base + one] = place
                for other in range(place + 1, self.high[base + place]):
                    at = one * n + self.who[base + other]
                    self.times[at] += 1
                    self.times[self.who[base + other] * n + one] += 1
        self.recount()
        self.best[:] = self.who
        self.best_score = self.score

    def recount(self) -> None:
        """The score, wishes met, gains and losses of the meetings as counted."""
        n = self.n
        total = 0
        for one in range(n):
            met = 0
            for other in range(n):
                at = one * n + other
                count = self.times[at]
                if one < other:
                    self.note(one, other, count)
                    if self.value[at] == UNLAWFUL:
                        total -= self.ban * (count - self.past[at])
                    elif count:
                        total += self.value[at] - self.repeat * (count * (count - 1) // 2)
                if count and self.want[at]:
                    met += 1
            self.got[one] = met
            total += self.wish_points[min(met, self.most_wishes)]
        for at in range(self.first * n, self.rounds * n):
            one = self.who[at]
            if one >= 0 and self.moved_cost:
                home = self.home[at - at % n + one]
                if home >= 0 and home != self.table[at]:
                    total -= self.moved_cost
        self.score = total

    def note(self, one: int, other: int, count: int) -> None:
        """Write what one meeting more or less of these two is worth once they have met `count` times."""
        at = one * self.n + other
        back = other * self.n + one
        value = self.value[at]
        wish = self.want[at] | self.want[back]
        if value == UNLAWFUL:
            gain = loss = -self.ban * FLAG
        elif count == 0:
            gain = value * FLAG + wish
            loss = 0
        elif count == 1:
            gain = -self.repeat * FLAG
            loss = value * FLAG - wish
        else:
            gain = -self.repeat * count * FLAG
            loss = -self.repeat * (count - 1) * FLAG
        self.gain[at] = gain
        self.gain[back] = gain
        self.loss[at] = loss
        self.loss[back] = loss

    def meet(self, one: int, other: int, step: int) -> None:
        """Count one meeting of these two more (step 1) or less (-1)."""
        at = one * self.n + other
        count = self.times[at] + step
        self.times[at] = count
        self.times[other * self.n + one] = count
        self.note(one, other, count)

    def exchange(self, base: int, here: int, there: int) -> None:
        """Let the people at two places of a round change seats, wishes aside."""
        one = self.who[base + here]
        other = self.who[base + there]
        for place in range(self.low[base + here], self.high[base + here]):
            if place != here:
                self.meet(one, self.who[base + place], -1)
                self.meet(other, self.who[base + place], 1)
        for place in range(self.low[base + there], self.high[base + there]):
            if place != there:
                self.meet(other, self.who[base + place], -1)
                self.meet(one, self.who[base + place], 1)
        self.who[base + here] = other
        self.who[base + there] = one
        self.pos[base + other] = here
        self.pos[base + one] = there

    def wishes(self, base: int, here: int, there: int, forward: int) -> int:
        """The wish points that a swap not yet made would bring (forward 1), noted in `got`; -1 takes it back."""
        n = self.n
        one = self.who[base + here]
        other = self.who[base + there]
        total = 0
        for place in range(self.low[base + here], self.high[base + here]):
            if place != here:
                third = self.who[base + place]
                if self.loss[one * n + third] & (FLAG - 1):
                    total += self.wish(one, third, -forward)
                if self.gain[other * n + third] & (FLAG - 1):
                    total += self.wish(other, third, forward)
        for place in range(self.low[base + there], self.high[base + there]):
            if place != there:
                third = self.who[base + place]
                if self.loss[other * n + third] & (FLAG - 1):
                    total += self.wish(other, third, -forward)
                if self.gain[one * n + third] & (FLAG - 1):
                    total += self.wish(one, third, forward)
        return total

    def wish(self, one: int, other: int, step: int) -> int:
        """The change of wish points when these two meet (step 1) or no longer meet (-1), noted in `got`."""
        total = 0
        most = self.most_wishes
        if self.want[one * self.n + other]:
            met = self.got[one]
            total += self.wish_points[min(met + step, most)] - self.wish_points[min(met, most)]
            self.got[one] = met + step
        if self.want[other * self.n + one]:
            met = self.got[other]
            total += self.wish_points[min(met + step, most)] - self.wish_points[min(met, most)]
            self.got[other] = met + step
        return total

    def moved(self, base: int, here: int, there: int) -> int:
        """How many published seats more a swap would change."""
        from_table = self.table[base + here]
        to_table = self.table[base + there]
        home = self.home[base + self.who[base + here]]
        more = 0
        if home == from_table:
            more += 1
        elif home == to_table:
            more -= 1
        home = self.home[base + self.who[base + there]]
        if home == to_table:
            more += 1
        elif home == from_table:
            more -= 1
        return more

    def regroup(self, group: int, heat: int) -> int:
        """Propose another table for people who keep together, in exchange for as many there; the change of score."""
        base = self.groups[3 * group] * self.n
        start, end = self.groups[3 * group + 1], self.groups[3 * group + 2]
        state = self.state
        state ^= (state << 13) & MASK
        state ^= state >> 7
        state ^= (state << 17) & MASK
        self.state = state
        number = self.groups[3 * group]
        if self.movables[number] == 0:
            return 0
        there = self.pos[base + self.movable[base + (((state & 0xFFFF) * self.movables[number]) >> 16)]]
        if self.low[base + there] == self.low[base + self.pos[base + self.members[start]]]:
            return 0
        size = self.high[base + there] - self.low[base + there]
        delta = 0
        done = start
        for _ in range(size):
            if done == end:
                break
            if self.free[base + self.who[base + there]]:
                here = self.pos[base + self.members[done]]
                self.traded[done] = here
                delta += self.change(base, here, there)
                done += 1
            there += 1
            if there == self.high[base + there - 1]:
                there -= size
        if done == end and delta + ((heat * self.logs[state >> 54]) >> 14) >= 0:
            return delta
        while done > start:
            done -= 1
            there = self.pos[base + self.members[done]]
            self.change(base, there, self.traded[done])
        return 0

    def relabel(self, one: int, other: int, rounds: int, heat: int) -> int:
        """Propose that two people change seats in several rounds (bits); the change of score."""
        delta = 0
        done = 0
        for number in range(self.first, self.rounds):
            base = number * self.n
            if rounds >> number & 1 and self.free[base + one] and self.free[base + other]:
                here = self.pos[base + one]
                there = self.pos[base + other]
                if self.low[base + here] != self.low[base + there]:
                    delta += self.change(base, here, there)
                    done |= 1 << number
        state = self.state
        state ^= (state << 13) & MASK
        state ^= state >> 7
        state ^= (state << 17) & MASK
        self.state = state
        if delta + ((heat * self.logs[state >> 54]) >> 14) >= 0:
            return delta
        for number in range(self.rounds - 1, self.first - 1, -1):
            if done >> number & 1:
                base = number * self.n
                self.change(base, self.pos[base + one], self.pos[base + other])
        return 0

    def change(self, base: int, here: int, there: int) -> int:
        """Let the people at two places of a round change seats; the change of score."""
        mine = self.who[base + here] * self.n
        theirs = self.who[base + there] * self.n
        packed = -2 * self.gain[mine + self.who[base + there]]
        for place in range(self.low[base + here], self.high[base + here]):
            third = self.who[base + place]
            packed += self.gain[theirs + third] - self.loss[mine + third]
        for place in range(self.low[base + there], self.high[base + there]):
            third = self.who[base + place]
            packed += self.gain[mine + third] - self.loss[theirs + third]
        delta = packed >> 10
        if packed & (FLAG - 1):
            delta += self.wishes(base, here, there, 1)
        if self.moved_cost:
            delta -= self.moved_cost * self.moved(base, here, there)
        self.exchange(base, here, there)
        return delta

    def run(self, count: int, heat: int, guided: int) -> None:
        """Propose `count` swaps at a temperature of heat/16 points; `guided` of 256 lead to somebody one likes.

        Afterwards `score` is that of `who`, and `best` with `best_score` the best plan since the last reset.
        """
        n, first, span, liking, moved_cost = (
            self.n,
            self.first,
            self.rounds - self.first,
            self.liking,
            self.moved_cost,
        )
        who, pos, low, high, free = self.who, self.pos, self.low, self.high, self.free
        movable, movables, times, gain, loss = self.movable, self.movables, self.times, self.gain, self.loss
        liked, likes, logs = self.liked, self.likes, self.logs
        state = self.state
        score = self.score
        best_score = self.best_score
        groups = len(self.groups) // 3
        fresh = False
        for _ in range(count):
            state ^= (state << 13) & MASK
            state ^= state >> 7
            state ^= (state << 17) & MASK
            number = first + (((state & 0xFFF) * span) >> 12)
            base = number * n
            if groups and (state >> 60) < 2:
                if fresh:
                    self.best[:] = who
                    best_score = score
                self.state = state
                score += self.regroup((((state >> 12) & 0xFFFF) * groups) >> 16, heat)
                state = self.state
                fresh = score > best_score
                continue
            if self.multi and (state >> 32 & 0xFF) < self.multi:
                if fresh:
                    self.best[:] = who
                    best_score = score
                one = movable[base + ((((state >> 12) & 0xFFFF) * movables[number]) >> 16)]
                other = movable[base + ((((state >> 40) & 0xFFFF) * movables[number]) >> 16)]
                third = self.allmask if (state >> 62) < self.full else (state >> 56) & self.allmask
                self.state = state
                if one != other:
                    score += self.relabel(one, other, third, heat)
                state = self.state
                fresh = score > best_score
                continue
            one = movable[base + ((((state >> 12) & 0xFFFF) * movables[number]) >> 16)]
            here = pos[base + one]
            if ((state >> 28) & 0xFF) < guided:
                third = liked[one * liking + ((((state >> 36) & 0xFFF) * likes[one]) >> 12)]
                if times[one * n + third]:
                    continue
                place = pos[base + third]
                if place < 0:
                    continue
                start = low[base + place]
                end = high[base + place]
                there = start + ((((state >> 48) & 0xFFF) * (end - start - 1)) >> 12)
                if there >= place:
                    there += 1
                if there >= end:
                    continue
                other = who[base + there]
                if not free[base + other]:
                    continue
            else:
                other = movable[base + ((((state >> 36) & 0xFFFF) * movables[number]) >> 16)]
                there = pos[base + other]
                start = low[base + there]
                end = high[base + there]
                if start <= here < end:
                    continue
            mine = one * n
            theirs = other * n
            packed = -2 * gain[mine + other]
            for place in range(low[base + here], high[base + here]):
                third = who[base + place]
                packed += gain[theirs + third] - loss[mine + third]
            for place in range(start, end):
                third = who[base + place]
                packed += gain[mine + third] - loss[theirs + third]
            delta = packed >> 10
            flags = packed & (FLAG - 1)
            if flags:
                delta += self.wishes(base, here, there, 1)
            if moved_cost:
                delta -= moved_cost * self.moved(base, here, there)
            if delta < 0:
                state ^= (state << 13) & MASK
                state ^= state >> 7
                state ^= (state << 17) & MASK
                if delta + ((heat * logs[state >> 54]) >> 14) < 0:
                    if flags:
                        self.wishes(base, here, there, -1)
                    continue
                if fresh:
                    self.best[:] = who
                    best_score = score
                    fresh = False
            self.exchange(base, here, there)
            score += delta
            if score > best_score:
                fresh = True
        if fresh:
            self.best[:] = who
            best_score = score
        self.state = state
        self.score = score
        self.best_score = best_score
