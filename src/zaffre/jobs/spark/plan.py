"""What a Spark job does next: the course of every run that is one task."""

from zaffre.core.course import plan

__all__ = ["plan"]
