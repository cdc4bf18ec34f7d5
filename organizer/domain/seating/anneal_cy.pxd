# Types with which a compiler makes a module of `anneal_cy.py`.
import cython

cdef int FLAG, UNLAWFUL
cdef unsigned long long MASK


cdef class Annealer:
    cdef readonly int n, first, rounds, repeat, ban, moved_cost, liking, most_wishes
    cdef readonly long long score, best_score
    cdef unsigned long long state
    cdef public int multi, full, allmask
    cdef int[::1] who, best, pos, low, high, table, free, movable, movables, home, past, times, value, want, got
    cdef int[::1] gain, loss, liked, likes, groups, members, traded, wish_points, logs

    @cython.locals(at=int, n=int, number=int, base=int, place=int, other=int, one=int)
    cpdef void reset(self, int repeat, int ban)

    @cython.locals(n=int, total=longlong, one=int, other=int, at=int, count=int, met=int, home=int)
    cpdef void recount(self)

    @cython.locals(at=int, back=int, value=int, wish=int, gain=int, loss=int)
    cdef inline void note(self, int one, int other, int count)

    @cython.locals(at=int, count=int)
    cdef inline void meet(self, int one, int other, int step)

    @cython.locals(one=int, other=int, place=int)
    cdef void exchange(self, int base, int here, int there)

    @cython.locals(n=int, one=int, other=int, total=int, place=int, third=int)
    cdef int wishes(self, int base, int here, int there, int forward)

    @cython.locals(total=int, most=int, met=int)
    cdef inline int wish(self, int one, int other, int step)

    @cython.locals(from_table=int, to_table=int, home=int, more=int)
    cdef int moved(self, int base, int here, int there)

    @cython.locals(base=int, start=int, end=int, state=ulonglong, number=int, there=int, here=int, size=int,
                   delta=longlong, done=int)
    cdef long long regroup(self, int group, int heat)

    @cython.locals(number=int, base=int, here=int, there=int, done=int, state=ulonglong, delta=longlong)
    cdef long long relabel(self, int one, int other, int rounds, int heat)

    @cython.locals(mine=int, theirs=int, third=int, place=int, packed=longlong, delta=longlong)
    cdef long long change(self, int base, int here, int there)

    @cython.locals(n=int, first=int, span=int, liking=int, moved_cost=int, number=int, base=int, groups=int, one=int,
                   other=int, third=int, here=int, there=int, place=int, start=int, end=int, mine=int, theirs=int,
                   flags=int, fresh=bint, state=ulonglong, score=longlong, best_score=longlong, packed=longlong,
                   delta=longlong, who="int[::1]", pos="int[::1]", low="int[::1]",
                   high="int[::1]", free="int[::1]", movable="int[::1]", movables="int[::1]", times="int[::1]",
                   gain="int[::1]", loss="int[::1]", liked="int[::1]", likes="int[::1]", logs="int[::1]")
    cpdef void run(self, int count, int heat, int guided)
