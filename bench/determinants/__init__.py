"""One question asked of one lake in four ways: by Careloop, by DuckDB and PostgreSQL in SQL, by pandas.

The question: the determinants of the 514-center study that belong to a queue, by queue and half hour, and first-contact
resolution by reason. Each program is run as `python -m bench.determinants.NAME SOURCE ANSWER` in a process of its own, writes
its answer as two Arrow files and prints what asking took.
"""
