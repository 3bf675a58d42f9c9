"""The command line: what is typed, what is shown while it runs, and what is printed at the end."""
