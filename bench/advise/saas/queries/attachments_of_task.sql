SELECT id, file_name, bytes FROM attachments WHERE task_id = 428099;
