package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the report of a run: one HTML file that needs nothing else and no network. */
public final class Report {
  private Report() {}

  /**
   * Reads all data that a report needs of a run.
   *
   * @throws IOException if its events cannot be read
   */
  public static void verify(ReportedRun run) throws IOException {
    PageData.of(run);
  }

  /**
   * Writes the report of the present events of a run directory; the target is replaced atomically.
   *
   * @param compared another run, such as a dense one, to show beside it
   * @param target such as {@code report.html} in the run directory
   * @throws IOException if the events cannot be read or the target not be written
   */
  public static void write(ReportedRun run, Optional<ReportedRun> compared, Path target)
      throws IOException {
    PageData data = PageData.of(run);
    ObjectNode page = ViewJson.object();
    page.set("run", data.json());
    if (compared.isPresent()) {
      page.set("compared", PageData.of(compared.get()).brief());
    }
    byte[] html = ReportPage.render(data.title(), page).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(target, out -> out.write(html));
  }

  /**
   * The run of a report.
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
