"""What runs a parallel job beside the user's script: a driver that hands out mini-batches, and its worker processes.

Runs under the user's interpreter, standard library only (pandas where the mini-batches of a table are asked for and the
user's environment has it), any Python from 3.7 on. Packed as one ``parallel.pyz``. What must outlive a crash lies in the
run's own folder, which every attempt finds again: the plan, the ledger, the rows of each mini-batch, the user's files.
"""
