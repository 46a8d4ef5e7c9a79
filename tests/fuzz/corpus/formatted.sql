--liquibase formatted sql
--property name:a value:b
--changeset "a b":c runOnChange:true x:
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT 1
SELECT $$ ; $$;
--rollback changesetId:q
/* liquibase rollback
SELECT 1;
*/
--ignoreLines:3
--changeset
--changeset :
