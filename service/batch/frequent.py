"""Count what is frequent in a stream of any length with a fixed number of counters.

J. Misra and D. Gries, Finding repeated elements, Science of Computer Programming 2 (1982), 143-152.
"""

from __future__ import annotations


class Frequent:
    """At most `limit` counters. Whatever makes up more than 1/(limit + 1) of the stream has one of them.

    A count is exact until more than `limit` different items were seen, then at most `missed` too low.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.missed = 0
        self._counts: dict[str, int] = {}

    def __contains__(self, item: str) -> bool:
        return item in self._counts

    def add(self, item: str) -> list[str]:
        """Count an item; return those that lost their counters by it, the item itself perhaps among them."""
        if item in self._counts or len(self._counts) < self.limit:
            self._counts[item] = self._counts.get(item, 0) + 1
            return []
        # Each round of this takes back `limit` earlier counts, so it is rare: one step per item on average.
        self.missed += 1
        lost = [name for name, count in self._counts.items() if count == 1]
        self._counts = {name: count - 1 for name, count in self._counts.items() if count > 1}
        return [*lost, item]

    def most(self, number: int) -> list[tuple[str, int]]:
        """The most frequent items with their counts, the most frequent first, equals by name."""
        return sorted(self._counts.items(), key=lambda row: (-row[1], row[0]))[:number]
