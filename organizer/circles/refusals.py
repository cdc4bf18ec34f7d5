"""Why a circle's rules say no."""

from enum import StrEnum


class CircleBarrier(StrEnum):
    """What stands in the way of an act on a circle or its members."""

    LAST_OWNER = "last_owner"
    SLUG_TAKEN = "slug_taken"
    ALREADY_MEMBER = "already_member"
    ALREADY_INVITED = "already_invited"
    NOT_YOURS_TO_GIVE = "not_yours_to_give"
    INVITATION_OVER = "invitation_over"
    OTHER_ADDRESS = "other_address"
    RUNS_THE_CIRCLE = "runs_the_circle"
    TOO_MANY_INVITED = "too_many_invited"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOTHING_COUNTS = "nothing_counts"
    TOO_MANY_TOKENS = "too_many_tokens"
