"""What stands, while a pipeline is written in Python, for a value that there will be when it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Binding(ABC):
    """Its text is the expression that names it."""

    type: str = ""
    """Of the data or value, where it is known."""

    @abstractmethod
    def said(self) -> str:
        """The expression; raises where what it names has no name yet."""

    @property
    def is_missing(self) -> bool:
        """There is nothing behind it: whoever asks for it goes without."""
        return False

    def __str__(self) -> str:
        return self.said()
