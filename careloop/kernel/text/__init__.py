"""Search words for four languages: what a text is found by, what a search asks for, and where a hit stands.

PostgreSQL stores and searches the words but takes no part in choosing them, so every server finds the same
(docs/reasons/search.md):

    INSERT … VALUES (%s::tsvector)      with document(text)
    WHERE words @@ %s::tsquery          with query(text), or exact_query(text)
"""

from careloop.kernel.text.folding import fold
from careloop.kernel.text.search import MOST_POSITIONS, contains, document, exact_query, query
from careloop.kernel.text.snippets import Segment, snippet

__all__ = ["MOST_POSITIONS", "Segment", "contains", "document", "exact_query", "fold", "query", "snippet"]
