"""Beam PTransforms of newsclean, one per cleaning step."""
