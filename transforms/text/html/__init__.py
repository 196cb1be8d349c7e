"""From the source of an HTML page to the lines of its article."""
