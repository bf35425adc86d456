SELECT at, action, detail FROM audit_log WHERE actor = 'user4711' ORDER BY at DESC;
