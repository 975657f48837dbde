"""The same cases as rows of the peer: streamed from our tables into its own with COPY."""

from psycopg import connect, sql

from bench.stage.loading import STRIDE

__all__ = ["hand_over"]

_TICKETS = """
SELECT c.number, left(c.subject, 200), 1, c.opened_at, c.activity_at, i.value, CASE c.category WHEN 'solved' THEN 3
    WHEN 'closed' THEN 4 ELSE 1 END, false, coalesce(m.text, ''), 3, left(md5(c.id::text), 36)
FROM cases_case c JOIN customers_identity i ON i.customer_id = c.requester_id
LEFT JOIN LATERAL (SELECT text FROM conversations_message m JOIN cases_caseconversation l
    ON l.conversation_id = m.conversation_id WHERE l.case_id = c.id ORDER BY m.at, m.id LIMIT 1) m ON true
"""
_FOLLOWUPS = """
SELECT c.number, m.at, 'Comment', m.text, true, '<' || e.rfc_message_id || '>', '[]'
FROM cases_case c JOIN cases_caseconversation l ON l.case_id = c.id
JOIN conversations_message m ON m.conversation_id = l.conversation_id JOIN conversations_mail e ON e.message_id = m.id
"""


def hand_over(*, ours: str, theirs: str, first: int, last: int) -> None:
    """Copy the cases of the copies `first` to `last`, and with the first ones the template, to the peer.

    ours, theirs: addresses of the two databases.
    """
    low, high = (0 if first == 1 else first * STRIDE), (last + 1) * STRIDE
    with connect(ours) as source, connect(theirs) as target:
        target.execute(
            "INSERT INTO helpdesk_queue (id, title, slug, allow_public_submission, allow_email_submission, "
            "enable_notifications_on_email_events, email_box_ssl, dedicated_time) "
            "VALUES (1, 'Help', 'help', true, true, false, false, NULL) ON CONFLICT DO NOTHING"
        )
        for table, columns, rows in (
            (
                "helpdesk_ticket",
                "id, title, queue_id, created, modified, submitter_email, status, on_hold, description, priority, secret_key",
                _TICKETS,
            ),
            ("helpdesk_followup", "ticket_id, date, title, comment, public, message_id, email_recipients", _FOLLOWUPS),
        ):
            asked = sql.SQL(f"COPY ({rows} WHERE c.id >= {low} AND c.id < {high}) TO STDOUT")
            with (
                source.cursor().copy(asked) as leaving,
                target.cursor().copy(sql.SQL(f"COPY {table} ({columns}) FROM STDIN")) as arriving,
            ):
                for part in leaving:
                    arriving.write(part)
        target.execute("SELECT setval('helpdesk_ticket_id_seq', (SELECT max(id) FROM helpdesk_ticket))")
    with connect(theirs, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")
