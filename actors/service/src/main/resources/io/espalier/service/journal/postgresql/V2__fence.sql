-- Events of an id are numbered without a gap. The primary key alone refuses a second writer only
-- while the first one's row of that number is there, and a snapshot deletes the rows before it.
-- The highest row of an id is kept until all of the id are purged, so that it tells what comes
-- next: a writer that another has overtaken is refused, however far it is behind, and one whose
-- events are purged can leave nothing either, since its next number is not 1.
-- The lock makes the look exact while other writers of the same id commit.
--
-- The embedded database has no such rule: its file is of one process at a time.
CREATE FUNCTION refuse_overtaken_writer() RETURNS trigger AS $$
DECLARE
  expected BIGINT;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('event_journal'), hashtext(NEW.persistence_id));
  SELECT COALESCE(MAX(sequence_number), 0) + 1 INTO expected
    FROM event_journal WHERE persistence_id = NEW.persistence_id;
  IF NEW.sequence_number <> expected THEN
    RAISE EXCEPTION 'an event must be the next of its id, or another writer has overtaken this one: id=%, sequence number=%, next=%',
      NEW.persistence_id, NEW.sequence_number, expected
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER event_journal_fence BEFORE INSERT ON event_journal
  FOR EACH ROW EXECUTE PROCEDURE refuse_overtaken_writer();
