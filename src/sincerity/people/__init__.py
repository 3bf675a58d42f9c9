"""Who they are: columns, traits, ties, the board, the gazette, tables of functions, and draws."""
