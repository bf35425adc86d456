SELECT
  p.setting AS setting
FROM (SELECT g.reset_val AS setting, 1 AS rank, ''::name AS role FROM pg_settings AS g WHERE g.name = 'search_path'
      UNION ALL
      SELECT substr(u.entry, length('search_path=') + 1), CASE WHEN r.setrole = 0 THEN 0 ELSE 2 END,
             COALESCE(o.rolname, '')
      FROM pg_db_role_setting AS r
      CROSS JOIN LATERAL unnest(r.setconfig) AS u (entry)
      LEFT JOIN pg_roles AS o ON o.oid = r.setrole
      WHERE u.entry LIKE 'search\_path=%'
        AND r.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS p
ORDER BY p.rank, p.role, p.setting
