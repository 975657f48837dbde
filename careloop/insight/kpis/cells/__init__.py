"""Stored cells: sums of metrics per day or half hour and a few dimensions, from which boards are added up (metrics.md §0.2).

    kpis.refresh_cells(root)                after facts have arrived
    kpis.measure(facts.read(root), …)       finds them by itself

They lie in the folder `cells` of a lake and are only used for the very state of the lake that they were made of; where they cannot
answer, facts are scanned. How they are kept current, and why they are equal to a scan: docs/reasons/kpis.md.
"""
