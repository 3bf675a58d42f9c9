"""`python -m sincerity`: the command line."""

from sincerity.cli.main import main

if __name__ == "__main__":
    main()
