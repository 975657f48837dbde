"""What the search for work asks across the walls: keys, times and levels, no content (design.md D3)."""

from django.db import migrations

SEEN = """
CREATE FUNCTION careloop_last_seen(people bigint[]) RETURNS TABLE (user_id bigint, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.user_id, max(p.seen_at) FROM people_presence p WHERE p.user_id = ANY (people) GROUP BY p.user_id
$$;
"""

# Cost: one look into an index for each line the person may serve, however much waits in it.
WORK = """
CREATE FUNCTION careloop_work_for(person bigint, asked_at timestamptz, again_s integer, most integer)
RETURNS TABLE (workspace_id bigint, waiting_id bigint, rank_at timestamptz, ahead_s integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH seat AS (
        SELECT s.open_kinds, s.room - s.load AS room FROM workforce_seat s
        WHERE s.user_id = person AND s.open_kinds <> '{}'
    ), line AS MATERIALIZED (
        SELECT l.id, l.workspace_id, q.same_agent_s
        FROM people_membership m
        JOIN queues_line l ON l.workspace_id = m.workspace_id
        JOIN queues_queue q ON q.id = l.queue_id
        CROSS JOIN seat s
        WHERE m.user_id = person AND m.ended_at IS NULL AND m.role IN ('owner', 'manager', 'lead', 'agent')
          AND q.is_active AND q.is_open AND q.weight <= s.room AND l.kind = ANY (s.open_kinds)
          AND (l.language = '' OR EXISTS (SELECT FROM workforce_personlanguage g
              WHERE g.user_id = person AND g.language = l.language))
          AND (q.team_ids = '{}' OR EXISTS (SELECT FROM people_teammember t
              WHERE t.user_id = person AND t.team_id = ANY (q.team_ids)))
          AND NOT EXISTS (SELECT FROM jsonb_each_text(l.needs) n WHERE NOT EXISTS (SELECT FROM workforce_personskill k
              WHERE k.user_id = person AND k.skill_id = n.key::bigint AND k.level >= n.value::integer))
    )
    SELECT line.workspace_id, head.id, head.rank_at, 0 FROM line CROSS JOIN LATERAL (
        SELECT w.id, w.rank_at FROM queues_waiting w
        WHERE w.line_id = line.id AND w.stage = 'waiting'
          AND NOT EXISTS (SELECT FROM queues_offer o WHERE o.waiting_id = w.id AND o.user_id = person
              AND o.answered_at > asked_at - make_interval(secs => again_s))
        ORDER BY w.rank_at, w.id LIMIT most
    ) head
    UNION ALL
    (SELECT line.workspace_id, w.id, w.rank_at, line.same_agent_s
    FROM queues_waiting w JOIN line ON line.id = w.line_id
    WHERE w.last_user_id = person AND w.stage = 'waiting' AND line.same_agent_s > 0
      AND NOT EXISTS (SELECT FROM queues_offer o WHERE o.waiting_id = w.id AND o.user_id = person
          AND o.answered_at > asked_at - make_interval(secs => again_s))
    ORDER BY w.rank_at, w.id LIMIT most)
$$;
"""

PEOPLE = """
CREATE FUNCTION careloop_people_for(waiting bigint, asked_at timestamptz, again_s integer)
RETURNS TABLE (user_id bigint, load integer, room integer, idle_since timestamptz, last_offered_at timestamptz, levels jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.user_id, s.load, s.room, s.idle_since, s.last_offered_at,
        coalesce((SELECT jsonb_object_agg(k.skill_id, k.level) FROM workforce_personskill k
            WHERE k.user_id = s.user_id AND l.needs ? k.skill_id::text), '{}'::jsonb)
    FROM queues_waiting w
    JOIN queues_line l ON l.id = w.line_id
    JOIN queues_queue q ON q.id = l.queue_id
    JOIN workforce_seat s ON s.open_kinds <> '{}' AND w.kind = ANY (s.open_kinds) AND s.load + q.weight <= s.room
    JOIN people_membership m ON m.user_id = s.user_id AND m.workspace_id = w.workspace_id AND m.ended_at IS NULL
        AND m.role IN ('owner', 'manager', 'lead', 'agent')
    WHERE w.id = waiting AND w.workspace_id = current_setting('careloop.workspace')::bigint
      AND w.stage = 'waiting' AND q.is_active AND q.is_open
      AND (l.language = '' OR EXISTS (SELECT FROM workforce_personlanguage g
          WHERE g.user_id = s.user_id AND g.language = l.language))
      AND (q.team_ids = '{}' OR EXISTS (SELECT FROM people_teammember t
          WHERE t.user_id = s.user_id AND t.team_id = ANY (q.team_ids)))
      AND NOT EXISTS (SELECT FROM jsonb_each_text(l.needs) n WHERE NOT EXISTS (SELECT FROM workforce_personskill k
          WHERE k.user_id = s.user_id AND k.skill_id = n.key::bigint AND k.level >= n.value::integer))
      AND NOT EXISTS (SELECT FROM queues_offer o WHERE o.waiting_id = w.id AND o.user_id = s.user_id
          AND o.answered_at > asked_at - make_interval(secs => again_s))
$$;
"""

FRESH = """
CREATE FUNCTION careloop_fresh_waiting(most integer) RETURNS TABLE (workspace_id bigint, waiting_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.workspace_id, w.id FROM queues_waiting w WHERE w.stage = 'waiting' AND w.is_fresh
    ORDER BY w.rank_at, w.id LIMIT most
$$;
"""

UNDO = """
DROP FUNCTION careloop_last_seen(bigint[]);
DROP FUNCTION careloop_work_for(bigint, timestamptz, integer, integer);
DROP FUNCTION careloop_people_for(bigint, timestamptz, integer);
DROP FUNCTION careloop_fresh_waiting(integer);
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial"), ("queues", "0001_initial"), ("people", "0002_presence")]
    operations = [migrations.RunSQL(SEEN + WORK + PEOPLE + FRESH, UNDO)]
