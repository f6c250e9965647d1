"""The engine's page shows the legal moves of a run as the code has them: ``python -m shape.moves`` writes the table."""

from shape import moves


def test_table_of_moves_is_the_code():
    assert moves.stated(moves.PAGE.read_text(encoding="utf-8")) == moves.table()
