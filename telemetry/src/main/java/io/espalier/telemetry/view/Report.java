package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the report of a run: one HTML file that needs nothing else and no network. */
public final class Report {
  private Report() {}

  /**
   * Reads all that a report needs of a run.
   *
   * @throws IOException if its events cannot be read
   */
  public static void verify(ReportedRun run) throws IOException {
    PageData.of(run);
  }

  /**
   * Writes the report of what a run directory's events say so far; the target is replaced in one
   * step.
   *
   * @param compared another run, such as a dense one, to show beside it
   * @param target such as {@code report.html} in the run directory
   * @throws IOException if the events cannot be read or the target not be written
   */
  public static void write(ReportedRun run, Optional<ReportedRun> compared, Path target)
      throws IOException {
    PageData data = PageData.of(run);
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    page.set("run", data.json());
    if (compared.isPresent()) {
      page.set("compared", PageData.of(compared.get()).brief());
    }
    Path written = target.resolveSibling(target.getFileName() + ".new");
    Files.writeString(written, ReportPage.render(data.title(), page));
    Files.move(
        written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * A run that a report is about.
   *
   * @param directory with its outbox
   * @param modelBytes of the written model file; empty while there is none
   * @param summary the fields of {@code summary.json}, in their order; empty while there is none
   */
  public record ReportedRun(Path directory, OptionalLong modelBytes, Map<String, Object> summary) {
    public ReportedRun {
      summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
    }
  }
}
