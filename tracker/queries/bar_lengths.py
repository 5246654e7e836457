"""How long the bar beside a number is."""

FULL_BAR = 96
"""The longest bar, of 100; the rest is for the gap between its parts."""


def length_of(number: int, longest: int) -> int:
    """The length of a bar where ``longest`` fills the row: a whole step for each item as long as there is room."""
    if not number:
        return 0
    return (
        number * (FULL_BAR // longest) if longest <= FULL_BAR else max(1, round(number * FULL_BAR / longest))
    )
