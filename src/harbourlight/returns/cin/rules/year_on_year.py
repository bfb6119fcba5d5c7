"""The checks of a return against last year's: a figure that moved far is to be explained."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A figure (one of `COUNTS`) that may not differ from last year's by `percent` or more."""

    code: str
    message: str
    counted: str
    percent: int

    def fails(self, now: int, then: int) -> bool:
        """Whether it moved so far, up or down. From nought, any movement is."""
        return abs(now - then) * 100 >= self.percent * then if then else now > 0


CHECKS = (
    YearOnYear("YonY01", "Number of children", "children", 15),
    YearOnYear("YonY02", "Number of referrals", "referrals", 25),
    YearOnYear("YonY03", "Number of assessments", "assessments", 25),
    YearOnYear("YonY04", "Number of Section 47 enquiries", "enquiries", 25),
    YearOnYear("YonY05", "Number of CPPs at 31 March", "plans_at_the_end", 25),
    YearOnYear("YonY06", "Number of CPPs starting in the year", "plans_started", 25),
    YearOnYear("YonY07", "Number of CPPs ending in the year", "plans_ended", 25),
)
