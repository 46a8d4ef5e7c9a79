-- A table of its own.
CREATE TABLE towns (
  id int PRIMARY KEY, -- not a serial
  name text NOT NULL
);
CREATE TRIGGER kept BEFORE UPDATE ON towns FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
