"""Plain functions over text and bytes: what newsclean knows about Chinese pages.

Nothing in here imports Beam, opens a file, reads the clock, logs or reaches the network.
Each step is one function `(Page, Config) -> Page | Rejected`; the order is in `steps.py`.
"""
