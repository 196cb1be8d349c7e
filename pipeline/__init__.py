"""Reading, writing, assembly, configuration and the command line of newsclean."""
