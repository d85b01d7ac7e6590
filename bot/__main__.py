"""`python -m bot` is the command `nghedan`."""

import sys

from bot.cli import main

sys.exit(main())
