"""Brings remote inputs before a job's command and takes outputs away after it, in a process of Zaffre's own interpreter."""
