"""Zaffre: an open Azure Machine Learning that runs anywhere."""

__version__ = "0.1.0"
