"""A stand-in WeCom for demo and tests. It imports nothing of the product, so that errors cannot cancel out."""
