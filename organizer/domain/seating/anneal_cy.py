# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, annotation_typing=False
"""The hot loop of the search: swaps of two people within a round, judged by what they change, at a temperature.

Plain Python with whole numbers throughout; the types beside it (`anneal_cy.pxd`) let a compiler make a module of the
same name and the same results of it. Nothing in here may overflow 64 bits, divide a negative number, or use a float.
"""

from array import array
from typing import Final

UNLAWFUL: Final = -(1 << 30)
MASK: Final = (1 << 64) - 1


class Annealer:
    """A plan that changes by swaps, its score, and the best it has been.

    What each person would add to each table and would take from the present one is kept up to date, so that one
    proposal costs a few additions: a row of proposals is all the swaps of one person in one round.

    All arrays hold 32-bit integers and belong to the caller, who may read them between two calls. By round and place
    (`round * n + place`; the places of a table are neighbours): `who` sits there, `best` who sat there when the score
    was best. By round and person: `place`, `table` (-1: not there), `home` the published table (-1: none), `free`
    whether the person may be swapped alone, `worth` what the present seat brings, `movable` the free people, as many
    as `movables` of the round. By round and table: `low` to `high` its places, and by person there `offer`, what the
    person would add. By two people: `value` of a first meeting (UNLAWFUL: may not meet), `want` 1 where the row wants
    to meet the column, `past` and `times` how many rounds they share, `gain` of one meeting more, `loss` of the last.
    `wanted` from `wanted_from` lists whom each wants to meet, `got` counts those met, `points` are theirs by number;
    `groups` keep together: (round, from, to) into `members`; `logs` are quantiles of -ln u in 1/1024, shuffled.
    """

    def __init__(
        self,
        size: tuple[int, int, int, int],
        arrays: dict[str, "array[int]"],
        moved_cost: int,
        toll: int,
        over: int,
    ) -> None:
        """`size` is people, first open round, rounds, most tables of a round; `over` is added to every score."""
        self.n, self.first, self.rounds, self.most = size
        self.over = over
        self.moved_cost = moved_cost
        self.toll = toll
        self.repeat = 0
        self.ban = 0
        self.who = arrays["who"]
        self.best = arrays["best"]
        self.place = arrays["place"]
        self.table = arrays["table"]
        self.home = arrays["home"]
        self.free = arrays["free"]
        self.worth = arrays["worth"]
        self.movable = arrays["movable"]
        self.movables = arrays["movables"]
        self.low = arrays["low"]
        self.high = arrays["high"]
        self.tables = arrays["tables"]
        self.offer = arrays["offer"]
        self.value = arrays["value"]
        self.want = arrays["want"]
        self.past = arrays["past"]
        self.times = arrays["times"]
        self.gain = arrays["gain"]
        self.loss = arrays["loss"]
        self.wanted = arrays["wanted"]
        self.wanted_from = arrays["wanted_from"]
        self.got = arrays["got"]
        self.points = arrays["points"]
        self.enough = len(arrays["points"]) - 1
        self.groups = arrays["groups"]
        self.members = arrays["members"]
        self.traded = arrays["traded"]
        self.logs = arrays["logs"]
        self.noise = arrays["noise"]
        self.shift = arrays["shift"]
        self.more = arrays["more"]
        self.touched = arrays["touched"]
        self.noted = 0
        self.state = 1
        self.score = 0
        self.best_score = 0

    def sow(self, seed: int) -> None:
        """Start the generator anew."""
        state = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & MASK
        self.state = (state ^ (state >> 31)) | 1

    def reset(self, repeat: int, ban: int) -> None:
        """Count everything anew from `who`, a repeat and an unlawful pair costing so much; the best is this plan."""
        n = self.n
        self.repeat = repeat
        self.ban = ban
        for at in range(n * n):
            self.times[at] = self.past[at]
        for at in range(self.first * n, self.rounds * n):
            self.table[at] = -1
        for number in range(self.first, self.rounds):
            base = number * n
            for table in range(self.tables[number]):
                low = self.low[number * self.most + table]
                high = self.high[number * self.most + table]
                for place in range(low, high):
                    one = self.who[base + place]
                    self.place[base + one] = place
                    self.table[base + one] = table
                    for there in range(low, high):
                        if there != place:
                            self.times[one * n + self.who[base + there]] += 1
        self.count_score()
        self.weigh_seats()
        self.best[:] = self.who
        self.best_score = self.score

    def count_score(self) -> None:  # noqa: C901
        """The score, the wishes met, and what each meeting more or less is worth, from `times`."""
        n = self.n
        total = self.over
        for one in range(n):
            met = 0
            for at in range(self.wanted_from[one], self.wanted_from[one + 1]):
                if self.times[one * n + self.wanted[at]]:
                    met += 1
            self.got[one] = met
            total += self.points[min(met, self.enough)]
        for one in range(n):
            for other in range(one + 1, n):
                at = one * n + other
                count = self.times[at]
                if self.value[at] == UNLAWFUL:
                    total -= self.ban * (count - self.past[at])
                elif count:
                    total += self.value[at] - self.repeat * (count * (count - 1) // 2)
                self.appraise(one, other)
                self.gain[at] = self.new_gain
                self.gain[other * n + one] = self.new_gain
                self.loss[at] = self.new_loss
                self.loss[other * n + one] = self.new_loss
        for number in range(self.first, self.rounds):
            for one in range(n):
                if self.table[number * n + one] >= 0:
                    total += self.seat_worth(number, one, self.table[number * n + one])
        self.score = total

    def weigh_seats(self) -> None:
        """What everybody would add to each table, and brings at the present one."""
        n = self.n
        for number in range(self.first, self.rounds):
            base = number * n
            for table in range(self.tables[number]):
                row = (number * self.most + table) * n
                low = self.low[number * self.most + table]
                high = self.high[number * self.most + table]
                for one in range(n):
                    total = self.seat_worth(number, one, table)
                    for place in range(low, high):
                        total += self.gain[one * n + self.who[base + place]]
                    self.offer[row + one] = total
                for place in range(low, high):
                    one = self.who[base + place]
                    total = self.seat_worth(number, one, table)
                    for there in range(low, high):
                        total += self.loss[one * n + self.who[base + there]]
                    self.worth[base + one] = total

    def seat_worth(self, number: int, one: int, table: int) -> int:
        """What it costs that a person does not sit where the published plan says."""
        home = self.home[number * self.n + one]
        if home < 0 or home == table:
            return 0
        return -self.moved_cost

    def appraise(self, one: int, other: int) -> None:
        """What one meeting more of these two would bring, and what the last one brings."""
        at = one * self.n + other
        back = other * self.n + one
        count = self.times[at]
        value = self.value[at]
        if value == UNLAWFUL:
            self.new_gain = -self.ban
            self.new_loss = -self.ban
        elif count == 0:
            if self.want[at]:
                value += self.wish(one, 1)
            if self.want[back]:
                value += self.wish(other, 1)
            self.new_gain = value
            self.new_loss = 0
        else:
            self.new_gain = -self.repeat * count
            if count == 1:
                if self.want[at]:
                    value -= self.wish(one, -1)
                if self.want[back]:
                    value -= self.wish(other, -1)
                self.new_loss = value
            else:
                self.new_loss = -self.repeat * (count - 1)

    def wish(self, one: int, step: int) -> int:
        """The change of a person's points when so many wishes more are met."""
        met = self.got[one]
        return self.points[min(met + step, self.enough)] - self.points[min(met, self.enough)]

    def refresh(self, one: int, other: int) -> None:
        """Appraise a meeting anew and pass the difference on to all seats that it concerns."""
        n = self.n
        at = one * n + other
        back = other * n + one
        self.appraise(one, other)
        more = self.new_gain - self.gain[at]
        if more:
            self.gain[at] = self.new_gain
            self.gain[back] = self.new_gain
            for number in range(self.first, self.rounds):
                mine = self.table[number * n + one]
                theirs = self.table[number * n + other]
                if mine >= 0 and theirs >= 0:
                    self.offer[(number * self.most + theirs) * n + one] += more
                    self.offer[(number * self.most + mine) * n + other] += more
        more = self.new_loss - self.loss[at]
        if more:
            self.loss[at] = self.new_loss
            self.loss[back] = self.new_loss
            for number in range(self.first, self.rounds):
                mine = self.table[number * n + one]
                if mine >= 0 and mine == self.table[number * n + other]:
                    self.worth[number * n + one] += more
                    self.worth[number * n + other] += more

    def meet(self, one: int, other: int, step: int) -> None:
        """Count one meeting of these two more (step 1) or less (-1)."""
        at = one * self.n + other
        back = other * self.n + one
        count = self.times[at] + step
        self.times[at] = count
        self.times[back] = count
        if count == 0 or (count == 1 and step == 1):
            if self.want[at]:
                self.grant(one, step)
            if self.want[back]:
                self.grant(other, step)
        self.refresh(one, other)

    def grant(self, one: int, step: int) -> None:
        """Count a wish met or lost, and note whose wishes have another worth now."""
        self.got[one] += step
        self.touched[self.noted] = one
        self.noted += 1

    def exchange(self, number: int, one: int, other: int) -> None:  # noqa: C901
        """Let two people of different tables change seats in a round."""
        n = self.n
        base = number * n
        mine = one * n
        theirs = other * n
        left = self.table[base + one]
        right = self.table[base + other]
        low = self.low[number * self.most + left]
        high = self.high[number * self.most + left]
        start = self.low[number * self.most + right]
        end = self.high[number * self.most + right]
        total = self.seat_worth(number, other, left)
        for place in range(low, high):
            third = self.who[base + place]
            if third != one:
                self.worth[base + third] += self.loss[theirs + third] - self.loss[mine + third]
                total += self.loss[theirs + third]
        self.worth[base + other] = total
        total = self.seat_worth(number, one, right)
        for place in range(start, end):
            third = self.who[base + place]
            if third != other:
                self.worth[base + third] += self.loss[mine + third] - self.loss[theirs + third]
                total += self.loss[mine + third]
        self.worth[base + one] = total
        self.shift_offers((number * self.most + left) * n, (number * self.most + right) * n, mine, theirs)
        place = self.place[base + one]
        self.who[base + place] = other
        self.who[base + self.place[base + other]] = one
        self.place[base + one] = self.place[base + other]
        self.place[base + other] = place
        self.table[base + one] = right
        self.table[base + other] = left
        self.noted = 0
        for place in range(low, high):
            third = self.who[base + place]
            if third != other:
                self.meet(one, third, -1)
                self.meet(other, third, 1)
        for place in range(start, end):
            third = self.who[base + place]
            if third != one:
                self.meet(other, third, -1)
                self.meet(one, third, 1)
        for at in range(self.noted):
            one = self.touched[at]
            for there in range(self.wanted_from[one], self.wanted_from[one + 1]):
                self.refresh(one, self.wanted[there])

    def shift_offers(self, left: int, right: int, mine: int, theirs: int) -> None:
        """What everybody would add to two tables (rows) once two people (rows) have changed seats there."""
        offer, gain = self.offer, self.gain
        for at in range(self.n):
            more = gain[theirs + at] - gain[mine + at]
            offer[left + at] += more
            offer[right + at] -= more

    def swap_gain(self, number: int, one: int, other: int) -> int:
        """What a swap would change, wishes counted one by one."""
        base = number * self.n
        left = (number * self.most + self.table[base + one]) * self.n
        right = (number * self.most + self.table[base + other]) * self.n
        total = self.offer[right + one] + self.offer[left + other]
        return total - self.worth[base + one] - self.worth[base + other] - 2 * self.gain[one * self.n + other]

    def correction(self, number: int, one: int, other: int) -> int:
        """What is to be added to `swap_gain` because several wishes of one person change at once."""
        base = number * self.n
        self.noted = 0
        at = number * self.most + self.table[base + one]
        for place in range(self.low[at], self.high[at]):
            third = self.who[base + place]
            if third != one:
                self.note_wish(one, third, -1)
                self.note_wish(other, third, 1)
        at = number * self.most + self.table[base + other]
        for place in range(self.low[at], self.high[at]):
            third = self.who[base + place]
            if third != other:
                self.note_wish(other, third, -1)
                self.note_wish(one, third, 1)
        total = 0
        for at in range(self.noted):
            third = self.touched[at]
            total += self.wish(third, self.shift[third]) - self.more[third]
            self.shift[third] = 0
            self.more[third] = 0
        return total

    def note_wish(self, one: int, other: int, step: int) -> None:
        """Note whose wishes change when these two meet once more or less."""
        at = one * self.n + other
        if self.times[at] != (1 - step) >> 1:
            return
        if self.want[at]:
            self.note(one, step)
        if self.want[other * self.n + one]:
            self.note(other, step)

    def note(self, one: int, step: int) -> None:
        """Note one wish more or less, and its points when it is the only one."""
        self.touched[self.noted] = one
        self.noted += 1
        self.shift[one] += step
        self.more[one] += self.wish(one, step)

    def change(self, number: int, one: int, other: int) -> int:
        """Let two people change seats in a round; the change of score."""
        delta = self.swap_gain(number, one, other) + self.correction(number, one, other)
        self.exchange(number, one, other)
        return delta

    def draw(self) -> int:
        """The next 64 random bits."""
        state = self.state
        state ^= (state << 13) & MASK
        state ^= state >> 7
        state ^= (state << 17) & MASK
        self.state = state
        return state

    def regroup(self, heat: int) -> int:
        """Propose another table for people who keep together, in exchange for as many there; the change of score."""
        bits = self.draw()
        at = 3 * (((bits & 0xFFFF) * (len(self.groups) // 3)) >> 16)
        number = self.groups[at]
        start = self.groups[at + 1]
        end = self.groups[at + 2]
        base = number * self.n
        table = (((bits >> 16) & 0xFFFF) * self.tables[number]) >> 16
        if table == self.table[base + self.members[start]]:
            return 0
        low = self.low[number * self.most + table]
        high = self.high[number * self.most + table]
        place = low + ((((bits >> 32) & 0xFFFF) * (high - low)) >> 16)
        delta = 0
        done = start
        for _ in range(low, high):
            other = self.who[base + place]
            if done < end and self.free[base + other]:
                self.traded[done] = other
                delta += self.change(number, self.members[done], other)
                done += 1
            place += 1
            if place == high:
                place = low
        if done == end and delta + ((heat * self.logs[bits >> 54]) >> 14) >= 0:
            return delta
        while done > start:
            done -= 1
            self.exchange(number, self.members[done], self.traded[done])
        return 0

    def relabel(self, one: int, other: int, rounds: int, heat: int) -> int:  # noqa: C901
        """Propose that two people change seats in several rounds (bits); the change of score."""
        n = self.n
        delta = 0
        chosen = 0
        self.noted = 0
        for number in range(self.first, self.rounds):
            base = number * n
            if not (rounds >> number & 1 and self.free[base + one] and self.free[base + other]):
                continue
            left = self.table[base + one]
            right = self.table[base + other]
            if left == right:
                continue
            chosen |= 1 << number
            delta += self.seat_worth(number, one, right) - self.seat_worth(number, one, left)
            delta += self.seat_worth(number, other, left) - self.seat_worth(number, other, right)
            at = number * self.most + left
            for place in range(self.low[at], self.high[at]):
                self.count_more(self.who[base + place], -1)
            at = number * self.most + right
            for place in range(self.low[at], self.high[at]):
                self.count_more(self.who[base + place], 1)
        ends = self.noted
        for at in range(ends):
            third = self.touched[at]
            step = self.more[third]
            self.more[third] = 0
            if step and third != one and third != other:
                delta += self.times_worth(one, third, step) + self.times_worth(other, third, -step)
        for at in range(ends, self.noted):
            third = self.touched[at]
            delta += self.wish(third, self.shift[third])
            self.shift[third] = 0
        if delta + ((heat * self.logs[self.draw() >> 54]) >> 14) < 0:
            return 0
        if delta < 0 and self.score > self.best_score:
            self.best[:] = self.who
            self.best_score = self.score
        for number in range(self.first, self.rounds):
            if chosen >> number & 1:
                self.exchange(number, one, other)
        return delta

    def count_more(self, one: int, step: int) -> None:
        """Note that a person would meet another so often more."""
        self.touched[self.noted] = one
        self.noted += 1
        self.more[one] += step

    def times_worth(self, one: int, other: int, step: int) -> int:
        """What it is worth that two meet so many times more, wishes noted instead."""
        at = one * self.n + other
        count = self.times[at]
        value = self.value[at]
        if value == UNLAWFUL:
            return -self.ban * step
        after = count + step
        total = -self.repeat * (after * (after - 1) // 2 - count * (count - 1) // 2)
        if count == 0 or after == 0:
            flip = 1 if after else -1
            total += flip * value
            if self.want[at]:
                self.touched[self.noted] = one
                self.noted += 1
                self.shift[one] += flip
            if self.want[other * self.n + one]:
                self.touched[self.noted] = other
                self.noted += 1
                self.shift[other] += flip
        return total

    def run(self, count: int, heat: int, multi: int) -> int:  # noqa: C901
        """Propose `count` swaps or a row more at a temperature of heat/16 points; how many it were.

        A swap that is made counts as `toll` proposals more, as many as it costs to write down. `multi` of 256 rows
        are a swap of two people in several rounds instead. Afterwards `score` is that of `who`, and `best` with
        `best_score` the best plan since the last reset.
        """
        n, first, span, most = self.n, self.first, self.rounds - self.first, self.most
        who, table, low, high, worth, offer = (
            self.who,
            self.table,
            self.low,
            self.high,
            self.worth,
            self.offer,
        )
        movable, movables, free, gain, noise, logs = (
            self.movable, self.movables, self.free, self.gain, self.noise, self.logs,
        )  # fmt: skip
        grouped = len(self.groups) > 0
        everything = (1 << self.rounds) - 1
        for at in range(1024):
            noise[at] = (heat * logs[at]) >> 14
        done = 0
        while done < count:
            bits = self.draw()
            number = first + (((bits & 0xFFF) * span) >> 12)
            base = number * n
            done += 1
            if grouped and (bits >> 58) < 4:
                if self.score > self.best_score:
                    self.best[:] = who
                    self.best_score = self.score
                self.score += self.regroup(heat)
                done += 2 * self.toll
                continue
            if movables[number] < 2:
                continue
            one = movable[base + ((((bits >> 12) & 0xFFFF) * movables[number]) >> 16)]
            if (bits >> 28 & 0xFF) < multi:
                other = movable[base + ((((bits >> 36) & 0xFFFF) * movables[number]) >> 16)]
                if one != other:
                    chosen = everything if bits >> 63 else self.draw() >> 20 & everything
                    delta = self.relabel(one, other, chosen, heat)
                    self.score += delta
                    if delta:
                        done += span * self.toll
                done += span * 25
                continue
            left = number * most + table[base + one]
            row = left * n
            mine = one * n
            at = bits >> 54
            right = number * most + ((((bits >> 36) & 0xFFFF) * self.tables[number]) >> 16)
            for _ in range(self.tables[number]):
                right += 1
                if right == number * most + self.tables[number]:
                    right = number * most
                if right == left:
                    continue
                start = low[right]
                end = high[right]
                done += end - start
                limit = worth[base + one] - offer[right * n + one]
                for place in range(start, end):
                    other = who[base + place]
                    at = (at + 1) & 1023
                    delta = offer[row + other] - worth[base + other] - 2 * gain[mine + other] - limit
                    if delta + noise[at] >= 0 and free[base + other]:
                        delta += self.correction(number, one, other)
                        if delta + noise[at] >= 0:
                            break
                else:
                    continue
                if delta < 0 and self.score > self.best_score:
                    self.best[:] = who
                    self.best_score = self.score
                self.exchange(number, one, other)
                self.score += delta
                done += self.toll
                break
        if self.score > self.best_score:
            self.best[:] = who
            self.best_score = self.score
        return done
