-- The schema of measured_15.tsv: each table had rows, and each statement ran in a transaction of its own on
-- PostgreSQL 15 at UTC, with client_min_messages = debug1, and was rolled back after a look at pg_locks, the
-- files of all relations, and pg_stat_xact_user_tables.
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, c text, n int NOT NULL, pid bigint);
CREATE INDEX t_a_idx ON t (a);
CREATE TABLE q (id bigint);
CREATE TABLE e (id int);
CREATE TABLE pt (k int, pid bigint) PARTITION BY RANGE (k);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (100);
CREATE TABLE par (id bigint, a int);
CREATE TYPE en AS ENUM ('a', 'b');
CREATE DOMAIN dp AS int;
CREATE DOMAIN dc AS int CHECK (VALUE > 0);
CREATE DOMAIN dd AS int DEFAULT 3 CHECK (VALUE > 0);
CREATE DOMAIN dv AS uuid DEFAULT gen_random_uuid();
CREATE SEQUENCE sq;
CREATE FUNCTION fv() RETURNS int LANGUAGE sql VOLATILE AS 'select 1';
CREATE FUNCTION fp() RETURNS int LANGUAGE plpgsql STABLE AS 'begin return 1; end';
CREATE FUNCTION fi() RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';

CREATE VIEW vx AS SELECT id, c FROM t;
CREATE TABLE kid (x bigint CONSTRAINT kid_fk REFERENCES t (id), note varchar(10) CHECK (note <> 'q'));
CREATE TABLE par2 (id int, w text); CREATE TABLE ch2 (extra int) INHERITS (par2);
CREATE INDEX par2_w ON par2 (w);
CREATE TABLE sub (k int, m int, PRIMARY KEY (k, m)) PARTITION BY LIST (k);
CREATE TABLE sub1 PARTITION OF sub FOR VALUES IN (1, 2);
CREATE TABLE subd PARTITION OF sub DEFAULT;
CREATE INDEX sub_m ON sub (m);
CREATE TABLE own (id serial PRIMARY KEY, d dc, j json, u uuid UNIQUE, ts timestamp, ar int[], g int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE sub9 (k int NOT NULL, m int NOT NULL, PRIMARY KEY (k, m));
CREATE INDEX sub9_m ON sub9 (m);
CREATE MATERIALIZED VIEW mx AS SELECT id, n FROM t; CREATE UNIQUE INDEX mx_id ON mx (id);
CREATE TRIGGER tgx BEFORE UPDATE ON kid FOR EACH ROW EXECUTE FUNCTION tf();
