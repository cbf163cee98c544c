-- What an upload leaves when it is killed is known again: the object by its mark, the parts by the id that the storage gave them.
ALTER TABLE garbage ADD COLUMN mark TEXT NOT NULL DEFAULT '';
ALTER TABLE garbage ADD COLUMN upload_id TEXT NOT NULL DEFAULT '';
