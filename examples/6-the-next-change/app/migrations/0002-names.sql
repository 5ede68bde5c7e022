ALTER TABLE visits
    ADD COLUMN name text NOT NULL DEFAULT '' CHECK (length(name) <= 40);
