"""What is asked of facts: which rows, split by what, filtered how, over which period – as one query per set of rows."""
