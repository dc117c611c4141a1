"""`python -m gouji` is the command line."""

from gouji.cli import main

if __name__ == "__main__":
    main()
