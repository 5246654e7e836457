"""Two lines over time: where everything stands on the drawing. The numbers are in the table below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 490, 16, 218
BETWEEN_LABELS = 20
TICKS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """Of a drawing, and where its lines end to the right and below."""

    width: int = WIDTH
    height: int = HEIGHT
    right: int = RIGHT
    bottom: int = BOTTOM


WHOLE, SMALL = Size(), Size(420, 150, 300, 108)


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the scale."""

    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One name under the drawing."""

    x: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the label at its end."""

    points: str
    end_x: int
    end_y: int
    label: str
    label_y: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Everything that the drawing shows; ``id`` begins the ids of its title and description; a ``small`` one is narrow."""

    id: str
    title: str
    description: str
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    series: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    small: bool = False


def line_chart(
    name: str,
    title: str,
    description: str,
    marks: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    small: bool = False,
) -> LineChart:
    """Draw at most two lines over the same points. The scale starts at zero and ends at a round number."""
    size = SMALL if small else WHOLE
    top = scale_to(max((number for _, numbers in series for number in numbers), default=0))
    xs = [_across(place, len(marks), size) for place in range(len(marks))]
    lines = []
    for label, numbers in series:
        ys = [_down(number, top, size) for number in numbers]
        points = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
        lines.append(Line(points, xs[-1], ys[-1], f"{label} {numbers[-1]:,g}".strip(), ys[-1] + 5))
    return LineChart(
        id=name,
        title=title,
        description=description,
        ticks=tuple(
            Tick(_down(top * n // TICKS, top, size), str(top * n // TICKS))
            for n in range(0, TICKS + 1, 2 if small else 1)
        ),
        marks=tuple(Mark(x, words) for x, words in zip(xs, marks, strict=True)),
        series=tuple(_apart(lines)),
        width=size.width,
        height=size.height,
        right=size.right,
        small=small,
    )


def scale_to(number: float) -> int:
    """The end of the scale: the next multiple of 4, of 20 or of 100 that holds the largest number."""
    most = ceil(number)
    step = 4 if most <= 4 * BETWEEN_LABELS else BETWEEN_LABELS if most <= 400 else 100
    return max(TICKS, -(-most // step) * step)


def _across(place: int, places: int, size: Size) -> int:
    return LEFT + (size.right - LEFT) * place // max(1, places - 1)


def _down(number: float, top: int, size: Size) -> int:
    return round(size.bottom - (size.bottom - TOP) * number / top)


def _apart(lines: Sequence[Line]) -> list[Line]:
    """The same lines, their labels far enough from each other to be read."""
    placed: list[Line] = []
    for line in sorted(lines, key=lambda one: one.end_y):
        lowest = placed[-1].label_y + BETWEEN_LABELS if placed else 0
        y = max(line.label_y, lowest)
        placed.append(Line(line.points, line.end_x, line.end_y, line.label, y))
    return sorted(placed, key=lambda one: [each.label for each in lines].index(one.label))
