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
   * Checks that all data of a report can be read.
   *
   * @throws IOException if its events cannot be read
   */
  public static void verify(ReportedRun run) throws IOException {
    PageData.of(run);
  }

  /**
   * Writes the report of a run directory and an optional run to compare; replaces the target
   * atomically.
   *
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
   * The run of a report; model size and fields of {@code summary.json}, {@code confusion.json} and
   * {@code analysis.json} are empty until written.
   */
  public record ReportedRun(
      Path directory,
      OptionalLong modelBytes,
      Map<String, Object> summary,
      Map<String, Object> confusion,
      Map<String, Object> analysis) {
    public ReportedRun {
      summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
      confusion = Collections.unmodifiableMap(new LinkedHashMap<>(confusion));
      analysis = Collections.unmodifiableMap(new LinkedHashMap<>(analysis));
    }

    public ReportedRun(
        Path directory,
        OptionalLong modelBytes,
        Map<String, Object> summary,
        Map<String, Object> confusion) {
      this(directory, modelBytes, summary, confusion, Map.of());
    }

    public ReportedRun(Path directory, OptionalLong modelBytes, Map<String, Object> summary) {
      this(directory, modelBytes, summary, Map.of());
    }
  }
}
