"""The largest set of pairs in which nobody is used twice (maximum bipartite matching)."""

from collections import deque
from collections.abc import Sequence

UNREACHED = -1
"""Marks a vertex without a partner, or a left vertex that the layering has not come to."""


def maximum_matching(neighbours: Sequence[Sequence[int]], *, right_size: int) -> int:
    """Return how many pairs (left, right) can be chosen so that no vertex is in two of them.

    ``neighbours[left]`` lists the right vertices, numbered from 0 to ``right_size - 1``, that go with ``left``.
    Hopcroft and Karp's method: O(pairs * sqrt(vertices)), and without recursion, so a long chain of reports that
    push each other along is no deeper than a short one.
    """
    matching = _Matching(neighbours, right_size)
    while matching.grow():
        pass
    return matching.size


class _Matching:
    """A matching that grows by shortest paths until none adds a pair."""

    def __init__(self, neighbours: Sequence[Sequence[int]], right_size: int) -> None:
        self.size = 0
        self._neighbours = neighbours
        self._left_to_right = [UNREACHED] * len(neighbours)
        self._right_to_left = [UNREACHED] * right_size
        self._layer: list[int] = []
        self._cursor: list[int] = []

    def grow(self) -> bool:
        """Add every pair that a shortest path can add; False when no path is left."""
        if not self._lay():
            return False
        self._cursor = [0] * len(self._neighbours)
        for root, partner in enumerate(self._left_to_right):
            if partner == UNREACHED and self._augment(root):
                self.size += 1
        return True

    def _lay(self) -> bool:
        """Give each left vertex its distance from an unmatched one; True when a free right vertex is within reach."""
        self._layer = [0 if partner == UNREACHED else UNREACHED for partner in self._left_to_right]
        queue = deque(left for left, distance in enumerate(self._layer) if distance == 0)
        reaches_free = False
        while queue:
            left = queue.popleft()
            for right in self._neighbours[left]:
                other = self._right_to_left[right]
                if other == UNREACHED:
                    reaches_free = True
                elif self._layer[other] == UNREACHED:
                    self._layer[other] = self._layer[left] + 1
                    queue.append(other)
        return reaches_free

    def _augment(self, root: int) -> bool:
        """Look for a path from ``root`` to a free right vertex, and swap the pairs along it. True if there is one.

        The cursors remember how far each list has been tried, so that a round looks at each pair once.
        """
        path = [root]
        while path:
            left = path[-1]
            if self._cursor[left] == len(self._neighbours[left]):
                path.pop()
                continue
            right = self._neighbours[left][self._cursor[left]]
            self._cursor[left] += 1
            other = self._right_to_left[right]
            if other == UNREACHED:
                self._swap(path, right)
                return True
            if self._layer[other] == self._layer[left] + 1:
                path.append(other)
        return False

    def _swap(self, path: Sequence[int], free: int) -> None:
        """Give each left vertex of ``path``, from its end, the right vertex that the one after it leaves free."""
        for left in reversed(path):
            self._left_to_right[left], released = free, self._left_to_right[left]
            self._right_to_left[free] = left
            free = released
