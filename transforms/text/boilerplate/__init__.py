"""What a site puts around every article."""
