package io.espalier.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.configs.file.DiskFailure;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.view.Report;
import io.espalier.telemetry.view.Report.ReportedRun;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The report of a run directory, finished or not; another process may be working on it. */
public final class RunReport {
  /** What {@code analyse} finds of a run's model. */
  public static final String ANALYSIS = "analysis.json";

  /** Its field with the digest of that model: SHA-256 in lower-case hexadecimal. */
  public static final String ANALYSED_MODEL = "modelSha256";

  private final ReportedRun run;

  private RunReport(ReportedRun run) {
    this.run = run;
  }

  /**
   * Reads what the report of a run directory needs.
   *
   * @throws InvalidRunDirectoryException if it holds no events, or a summary that cannot be read
   */
  public static RunReport of(Path directory) {
    RunDirectory.requireAccess(directory.resolve(Outbox.FILE_NAME));
    if (!Files.isRegularFile(directory.resolve(Outbox.FILE_NAME))) {
      throw new InvalidRunDirectoryException(
          "a run to report on must have an %s in its directory: directory=%s"
              .formatted(Outbox.FILE_NAME, directory));
    }
    try {
      Path model = directory.resolve("model.safetensors");
      OptionalLong modelBytes =
          Files.exists(model) ? OptionalLong.of(Files.size(model)) : OptionalLong.empty();
      return new RunReport(
          new ReportedRun(
              directory,
              modelBytes,
              object(directory, "summary.json"),
              object(directory, RunDirectory.CONFUSION),
              analysis(directory, model)));
    } catch (IOException e) {
      throw refused(directory, e);
    }
  }

  /**
   * Fails before long work whose report would fail.
   *
   * @throws InvalidRunDirectoryException if an event cannot be read
   */
  public RunReport verified() {
    try {
      Report.verify(run);
      return this;
    } catch (IOException e) {
      throw refused(run.directory(), e);
    }
  }

  /**
   * Writes {@code report.html} anew and returns its path; {@code compared} is shown beside this
   * run.
   *
   * @throws InvalidRunDirectoryException if events cannot be read, or the report not be written
   * @throws UncheckedIOException if the disk is full, of which the run is not the cause
   */
  public Path write(Optional<RunReport> compared) {
    Path target = run.directory().resolve("report.html");
    try {
      Report.write(run, compared.map(other -> other.run), target);
      return target;
    } catch (IOException e) {
      if (DiskFailure.isFull(e)) {
        throw new UncheckedIOException(e);
      }
      throw refused(run.directory(), e);
    }
  }

  /** The same with what {@code analyse} found of the model, a JSON object. */
  public RunReport analysed(byte[] analysis) throws IOException {
    Map<String, Object> found =
        Json.LENIENT.readValue(analysis, new TypeReference<Map<String, Object>>() {});
    return new RunReport(
        new ReportedRun(run.directory(), run.modelBytes(), run.summary(), run.confusion(), found));
  }

  /** What {@code analyse} wrote of the run's model; empty of one that is no longer there. */
  private static Map<String, Object> analysis(Path directory, Path model) throws IOException {
    Map<String, Object> analysis = object(directory, ANALYSIS);
    boolean holds =
        Files.exists(model) && Sha256.ofFile(model).equals(analysis.get(ANALYSED_MODEL));
    return holds ? analysis : Map.of();
  }

  private static Map<String, Object> object(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      return Files.exists(file)
          ? Optional.ofNullable(
                  Json.LENIENT.readValue(
                      Files.readString(file), new TypeReference<Map<String, Object>>() {}))
              .orElseThrow(() -> noObject(file, "null"))
          : Map.of();
    } catch (JsonProcessingException e) {
      throw noObject(file, e.getOriginalMessage());
    }
  }

  private static InvalidRunDirectoryException noObject(Path file, String cause) {
    return new InvalidRunDirectoryException(
        "a run's figures must be a JSON object: file=%s, cause=%s; without the file the report shows the events alone"
            .formatted(file, cause));
  }

  private static InvalidRunDirectoryException refused(Path directory, IOException cause) {
    return new InvalidRunDirectoryException(
        "a run to report on must be readable, and its directory writable: directory=%s, cause=%s"
            .formatted(directory, cause));
  }
}
