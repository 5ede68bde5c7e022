CREATE TABLE visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line text NOT NULL CHECK (length(line) BETWEEN 1 AND 80),
    lit boolean NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
