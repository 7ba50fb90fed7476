package io.espalier.service.journal;

import com.typesafe.config.Config;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.ServiceStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in one file. A commit is forced to disk before it returns ({@link SyncedFiles}), so no
 * background thread rewrites the file: {@link #tidy} does that once it has doubled.
 */
final class EmbeddedJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJournal.class);
  private static final String USER = "espalier";
  private static final long SMALLEST_TIDY_BYTES = 8L << 20;
  // Chunks that are less full are rewritten. Moving them inside of the file would let it shrink,
  // but trips over H2's own assertions while others write.
  private static final int FILL_RATE = 80;
  private static final int MOST_REWRITTEN_BYTES = 16 << 20;

  private final Path file;
  private final String url;
  private final Connection connection;
  private long tidyAtBytes = SMALLEST_TIDY_BYTES;

  private EmbeddedJournal(Path file, String url, Connection connection) {
    this.file = file;
    this.url = url;
    this.connection = connection;
  }

  static EmbeddedJournal open(Path directory) {
    SyncedFiles.register();
    Path base = directory.toAbsolutePath().resolve("journal");
    String url =
        "jdbc:h2:"
            + SyncedFiles.SCHEME
            + ":"
            + base
            + ";WRITE_DELAY=0;RETENTION_TIME=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000;CACHE_SIZE=8192";
    try {
      PrivateDirectory.own(directory);
      Connection connection = DriverManager.getConnection(url, USER, "");
      EmbeddedJournal journal = new EmbeddedJournal(Path.of(base + ".mv.db"), url, connection);
      journal.migrate();
      return journal;
    } catch (IOException | SQLException e) {
      throw new ServiceStartException(
          "the journal must be readable, and of one process at a time: directory=%s, cause=%s"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private void migrate() {
    try {
      JournalDatabase.migrate("h2", url, USER, "", file.toString());
    } catch (ServiceStartException e) {
      close();
      throw e;
    }
  }

  /** A journal in a file belongs to one node. */
  @Override
  public Optional<String> clusterId() {
    return Optional.empty();
  }

  @Override
  public void setClusterId(String clusterId) {
    throw new IllegalStateException(
        "a cluster must have a journal that its nodes share: cluster=" + clusterId);
  }

  @Override
  public Config config() {
    return JournalDatabase.settings("slick.jdbc.H2Profile$", "org.h2.Driver", url, USER, "");
  }

  @Override
  public synchronized void purge(String persistenceId) throws SQLException {
    JournalDatabase.purge(connection, persistenceId);
  }

  @Override
  public synchronized boolean backUp(Path zip) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("BACKUP TO ?")) {
      statement.setString(1, zip.toAbsolutePath().toString());
      statement.execute();
    }
    return true;
  }

  @Override
  public synchronized void tidy() throws SQLException {
    if (bytes() < tidyAtBytes) {
      return;
    }
    store().compact(FILL_RATE, MOST_REWRITTEN_BYTES);
    tidyAtBytes = Math.max(SMALLEST_TIDY_BYTES, 2 * bytes());
  }

  private MVStore store() throws SQLException {
    SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  private long bytes() throws SQLException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new SQLException("the journal's file must be there: file=" + file, e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("the journal must close: file={}", file, e);
    }
  }
}
