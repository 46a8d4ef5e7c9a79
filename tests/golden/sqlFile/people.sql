-- the first
INSERT INTO people (id, name) VALUES (1, 'Ann');
/* the second */
INSERT INTO people (id, name)
VALUES (2, 'Bob; the builder');
