"""Readers of other people's logs: lines in, rows of fact tables out.

They stream, keep what a later line may still complete, and hand over Arrow tables by name of the fact table; writing them is
`loading.load`'s part. What cannot be understood is counted and reported with its line, never dropped silently.
"""
