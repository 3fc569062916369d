"""Work counted in function calls, which are the same on every machine; seconds belong into `make bench`."""

import sys
from collections.abc import Callable


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions of Python and of C some work calls.

    Work whose calls do not grow with its input does the rest in numpy or in one pattern; calls that grow ten
    times with an input ten times as long are linear. What goes on within one call of C is not seen.

    Examples
    --------
    >>> calls_of(lambda: (abs(1), abs(2), abs(3))) - calls_of(lambda: abs(1))
    2
    """
    count = 0

    def note(_frame: object, event: str, _function: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
