package io.espalier.service.journal;

import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Brings a database to the schema of this version. */
final class SchemaMigrations {
  private static final String FOLDER = "classpath:io/espalier/service/journal/";

  private SchemaMigrations() {}

  /**
   * Migrates.
   *
   * @param folder of the migrations for this kind of database
   * @param shown what errors call the database
   * @throws JournalException if it cannot be reached, or a newer version has written it
   */
  static void run(String folder, String url, String user, String password, String shown) {
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(url, user, password)
              .locations(FOLDER + folder)
              .connectRetries(0)
              .load();
      refuseFuture(flyway, shown);
      flyway.migrate();
    } catch (FlywayException e) {
      throw new JournalException(
          "the journal's database must be reachable and whole: journal=%s, cause=%s"
              .formatted(shown, rootOf(e)),
          e);
    }
  }

  private static void refuseFuture(Flyway flyway, String shown) {
    Optional<MigrationInfo> future =
        Arrays.stream(flyway.info().all())
            .filter(info -> info.getState().name().startsWith("FUTURE"))
            .findFirst();
    future.ifPresent(
        info -> {
          throw new JournalException(
              "the journal must not be of a newer version of Espalier: journal=%s, schema=%s, known up to=%s; start that version"
                  .formatted(shown, info.getVersion(), newestKnown(flyway)));
        });
  }

  private static String newestKnown(Flyway flyway) {
    return Arrays.stream(flyway.info().all())
        .filter(info -> !info.getState().name().startsWith("FUTURE"))
        .map(info -> String.valueOf(info.getVersion()))
        .reduce("none", (before, next) -> next);
  }

  private static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + " " + root.getMessage();
  }
}
