package io.espalier.service.api;

import java.io.IOException;
import java.nio.file.Path;

/** Backs a journal up while others write to it. */
@FunctionalInterface
public interface JournalBackup {
  /** Writes a ZIP archive of the journal's files; returns false if it has none of its own. */
  boolean writeTo(Path zip) throws IOException;
}
