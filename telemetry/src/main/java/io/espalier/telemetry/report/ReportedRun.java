package io.espalier.telemetry.report;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

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
