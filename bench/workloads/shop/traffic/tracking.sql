\set session random(0, 39999)
SELECT path, viewed_at FROM page_views WHERE session_id = ('00000000-0000-0000-0000-' || lpad((:session)::text, 12, '0'))::uuid ORDER BY viewed_at DESC LIMIT 10;
