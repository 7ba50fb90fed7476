package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network takes to store and to run, dense and under its newest masks.
 *
 * <p>Values take 4 bytes each. The sparse form holds the values that are not pruned, and one bit
 * per unit, rounded up to whole bytes, of each parameter that takes fewer bytes so.
 */
final class Footprint {
  private final List<ParameterInfo> parameters;
  private final Map<String, Long> kept = new HashMap<>();

  Footprint(RunHistory history) {
    parameters =
        history
            .last(ParametersDescribed.class)
            .map(ParametersDescribed::parameters)
            .orElse(List.of());
    parameters.forEach(parameter -> kept.put(parameter.name(), parameter.units()));
    history.last(MasksUpdated.class).map(MasksUpdated::parameters).orElse(List.of()).stream()
        .forEach((ParameterMasks masks) -> kept.put(masks.name(), masks.kept()));
  }

  List<ParameterInfo> parameters() {
    return parameters;
  }

  /** Units of a described parameter that its newest mask keeps. */
  long kept(ParameterInfo parameter) {
    return kept.getOrDefault(parameter.name(), parameter.units());
  }

  /** {@code {dense, sparse}} in bytes; empty while the parameters are not known. */
  ObjectNode bytes() {
    ObjectNode bytes = JsonNodeFactory.instance.objectNode();
    if (!parameters.isEmpty()) {
      bytes.put("dense", parameters.stream().mapToLong(each -> 4 * values(each)).sum());
      bytes.put("sparse", parameters.stream().mapToLong(this::sparseBytes).sum());
    }
    return bytes;
  }

  private long sparseBytes(ParameterInfo parameter) {
    long units = parameter.units();
    long values = values(parameter);
    return Math.min(4 * values, 4 * (values / units * kept(parameter)) + (units + 7) / 8);
  }

  private static long values(ParameterInfo parameter) {
    return parameter.shape().stream().reduce(1L, Math::multiplyExact);
  }
}
