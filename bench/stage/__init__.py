"""What the benchmarks stand on: a fresh house, the peer beside it, made mails and rows, and the report."""
