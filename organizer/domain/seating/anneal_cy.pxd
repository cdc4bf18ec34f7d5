# Types with which a compiler makes a module of `anneal_cy.py`.
import cython

cdef int UNLAWFUL
cdef unsigned long long MASK


cdef class Annealer:
    cdef readonly int n, first, rounds, most, moved_cost, toll, repeat, ban, enough
    cdef readonly long long score, best_score, over
    cdef unsigned long long state
    cdef int noted, new_gain, new_loss
    cdef int[::1] who, best, place, table, home, free, worth, movable, movables, low, high, tables, offer
    cdef int[::1] value, want, past, times, gain, loss, wanted, wanted_from, got, points
    cdef int[::1] groups, members, traded, logs, noise, shift, more, touched

    @cython.locals(n=int, at=int, number=int, base=int, table=int, low=int, high=int, place=int, there=int, one=int)
    cpdef void reset(self, int repeat, int ban)

    @cython.locals(n=int, total=longlong, one=int, other=int, at=int, count=int, met=int, number=int)
    cdef void count_score(self)

    @cython.locals(n=int, number=int, base=int, table=int, row=int, low=int, high=int, one=int, total=int, place=int,
                   there=int)
    cdef void weigh_seats(self)

    @cython.locals(home=int)
    cdef inline int seat_worth(self, int number, int one, int table)

    @cython.locals(at=int, back=int, count=int, value=int)
    cdef inline void appraise(self, int one, int other)

    @cython.locals(met=int)
    cdef inline int wish(self, int one, int step)

    @cython.locals(n=int, at=int, back=int, more=int, number=int, mine=int, theirs=int)
    cdef void refresh(self, int one, int other)

    @cython.locals(at=int, back=int, count=int)
    cdef inline void meet(self, int one, int other, int step)

    cdef inline void grant(self, int one, int step)

    @cython.locals(n=int, base=int, mine=int, theirs=int, left=int, right=int, low=int, high=int, start=int, end=int,
                   total=int, place=int, third=int, at=int, there=int)
    cdef void exchange(self, int number, int one, int other)

    @cython.locals(offer="int[::1]", gain="int[::1]", at=int, more=int)
    cdef void shift_offers(self, int left, int right, int mine, int theirs)

    @cython.locals(base=int, left=int, right=int, total=longlong)
    cdef inline long long swap_gain(self, int number, int one, int other)

    @cython.locals(base=int, at=int, place=int, third=int, total=int)
    cdef int correction(self, int number, int one, int other)

    @cython.locals(at=int)
    cdef inline void note_wish(self, int one, int other, int step)

    cdef inline void note(self, int one, int step)

    cdef inline long long change(self, int number, int one, int other)

    @cython.locals(state=ulonglong)
    cdef inline unsigned long long draw(self)

    @cython.locals(bits=ulonglong, at=int, number=int, start=int, end=int, base=int, table=int, low=int, high=int,
                   place=int, delta=longlong, done=int, other=int)
    cdef long long regroup(self, int heat)

    @cython.locals(n=int, delta=longlong, chosen=ulonglong, number=int, base=int, left=int, right=int, at=int,
                   place=int, ends=int, third=int, step=int)
    cdef long long relabel(self, int one, int other, unsigned long long rounds, int heat)

    cdef inline void count_more(self, int one, int step)

    @cython.locals(at=int, count=int, value=int, after=int, total=int, flip=int)
    cdef int times_worth(self, int one, int other, int step)

    @cython.locals(n=int, first=int, span=int, most=int, grouped=bint, everything=ulonglong, at=int, done=int,
                   bits=ulonglong, number=int, base=int, one=int, other=int, chosen=ulonglong, left=int, row=int,
                   mine=int, right=int, start=int, end=int, limit=longlong, place=int, delta=longlong,
                   who="int[::1]", table="int[::1]", low="int[::1]", high="int[::1]", worth="int[::1]",
                   offer="int[::1]", movable="int[::1]", movables="int[::1]", free="int[::1]", gain="int[::1]",
                   noise="int[::1]", logs="int[::1]")
    cpdef int run(self, int count, int heat, int multi)
