"""Where in a text a word stands that a secret has beside it: patterns look there, and pass over the rest of a long paste."""

from __future__ import annotations

from collections.abc import Iterable

from bot.readings import closing, opening

_FOLLOWING_LINES = 6
"""Line breaks that may stand between a word and the secret behind it, and in it."""
_BEFORE, _BEHIND = 200, 2_000
"""Characters on either side of a word in which its secret begins, where the lines are longer than that."""
_MOST_PLACES = 4_000
"""Of a word that stands oftener, the text is full: looking everywhere is quicker."""


class Hinted:
    """A text and the lines of it that words stand in, found once a word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered = text.lower()
        self._is_even = len(self._lowered) == len(text)
        self._places: dict[str, list[int]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._lowered

    def parts(self, words: Iterable[str]) -> list[tuple[int, int]]:
        """Return the parts of the text, in order, in which something beside one of the words can stand."""
        if len(self._text) < _BEHIND:
            return [(0, len(self._text))] if any(word in self._lowered for word in words) else []
        places: list[int] = []
        for word in words:
            found = self._found(word)
            if found and (len(found) > _MOST_PLACES or not self._is_even):
                return [(0, len(self._text))]
            places += found
        parts: list[tuple[int, int]] = []
        for place in sorted(places):
            if parts and place < parts[-1][1]:
                parts[-1] = (parts[-1][0], self._end(place))
            else:
                start = opening(self._text, max(place - _BEFORE, 0))
                parts.append((max(start, parts[-1][1]) if parts else start, self._end(place)))
        return parts

    def _found(self, word: str) -> list[int]:
        """The places of a word; of several in one line, the first is enough."""
        if (known := self._places.get(word)) is not None:
            return known
        found: list[int] = []
        at = self._lowered.find(word)
        while at >= 0 and len(found) <= _MOST_PLACES:
            found.append(at)
            at = self._lowered.find(word, at + len(word))
        self._places[word] = found
        return found

    def _end(self, place: int) -> int:
        end = place
        for _ in range(_FOLLOWING_LINES):
            following = self._text.find("\n", end, place + _BEHIND)
            if following < 0:
                return closing(self._text, min(place + _BEHIND, len(self._text)))
            end = following + 1
        return end
