package io.espalier.bench.units;

import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ResultStore;
import java.util.List;

/**
 * A finished run and its steps, timed in turns with dense ones.
 *
 * @param unit the line's label
 * @param stepSeconds by round; as are those of the dense network in plain Java and on the engine
 */
record UnitResult(
    String key,
    String network,
    String unit,
    long seed,
    UnitOutcome outcome,
    List<Double> stepSeconds,
    List<Double> denseJavaSeconds,
    List<Double> denseEngineSeconds,
    String codeVersion)
    implements ResultStore.Keyed {
  UnitResult {
    stepSeconds = List.copyOf(stepSeconds);
    denseJavaSeconds = List.copyOf(denseJavaSeconds);
    denseEngineSeconds = List.copyOf(denseEngineSeconds);
  }

  double seconds() {
    return Measurements.of(stepSeconds).median();
  }

  double toDenseJava() {
    return Measurements.ofRatios(stepSeconds, denseJavaSeconds).median();
  }

  double toDenseEngine() {
    return Measurements.ofRatios(stepSeconds, denseEngineSeconds).median();
  }
}
