"""Text that was decoded wrongly, and the way back."""
