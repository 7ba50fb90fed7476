package io.espalier.service.journal;

import java.nio.file.Path;

/** Which database has the journal. */
public sealed interface JournalSettings {
  /** A file below {@code directory}, for one process at a time. */
  record Embedded(Path directory) implements JournalSettings {}

  /**
   * A PostgreSQL database, which several nodes may share.
   *
   * @param url such as {@code jdbc:postgresql://host:5432/espalier}
   */
  record Shared(String url, String user, String password) implements JournalSettings {
    @Override
    public String toString() {
      return "Shared[url=" + url + ", user=" + user + "]";
    }
  }
}
