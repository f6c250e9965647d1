"""Samplers and early termination: pure functions from what is recorded of a search to what comes next.

What needs Optuna runs in a process of its own (``search.process`` starts it); drawing by chance, the grid and the policies
need only the standard library and are called where the plan is made.
"""
