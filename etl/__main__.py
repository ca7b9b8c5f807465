"""``python -m etl``: the collecting commands alone."""

from etl.cli import main

if __name__ == "__main__":
    main()
