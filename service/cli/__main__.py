"""`python -m service.cli`, the same as `verbatim`."""

from service.cli import main

main()
