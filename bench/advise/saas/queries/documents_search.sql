SELECT id, title FROM documents WHERE words @@ 'w1098 & w2650'::tsquery AND deleted_at IS NULL;
