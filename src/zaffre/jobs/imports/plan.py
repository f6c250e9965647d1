"""What an import job does next: the course of every run that is one task. It needs no environment."""

from zaffre.core.course import plan

__all__ = ["plan"]
