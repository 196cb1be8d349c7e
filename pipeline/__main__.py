"""`python -m pipeline` is `newsclean`."""

from pipeline.cli import main

main()
