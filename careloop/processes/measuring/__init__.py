"""Questions about facts, asked for a board, a card or a program: who may ask what, over which lake, and what it comes to.

Heavy libraries are imported when the first question is asked, or a little earlier by `warm`; never when the web process starts.
"""
