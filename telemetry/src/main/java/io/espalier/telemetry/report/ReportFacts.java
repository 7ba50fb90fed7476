package io.espalier.telemetry.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a report needs beyond the events of the run.
 *
 * @param denseBytes of the weights, all kept
 * @param sparseBytes of the network in the sparse export format
 * @param modelBytes of the written model file
 * @param summary the fields of {@code summary.json}, in their order
 */
public record ReportFacts(
    OptionalLong denseBytes,
    OptionalLong sparseBytes,
    OptionalLong modelBytes,
    Map<String, Object> summary) {
  public ReportFacts {
    summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
  }
}
