"""`python -m ntm_gis`: the command line."""

import sys

from ntm_gis.cli import main

if __name__ == "__main__":
    sys.exit(main())
