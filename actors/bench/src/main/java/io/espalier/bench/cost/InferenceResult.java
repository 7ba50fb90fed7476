package io.espalier.bench.cost;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.TextTable;
import java.util.List;
import java.util.Locale;

/**
 * Times of one network and batch: microseconds per batch, and how many times as long as by kept
 * weights the dense network takes.
 *
 * @param key of the row: network, sparsity, batch and what else decides it
 * @param goal least ratio to ONNX Runtime; 0 where there is none
 */
record InferenceResult(
    String key,
    String network,
    String sparsity,
    int batch,
    @JsonUnwrapped BatchTimes times,
    double goal)
    implements ResultStore.Keyed {
  /** By kept weights, by the engine and by ONNX Runtime, and the ratios of these to the first. */
  record BatchTimes(
      Measurements sparse,
      Measurements engine,
      Measurements onnx,
      Measurements engineRatio,
      Measurements onnxRatio) {}

  static String table(List<InferenceResult> results) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "network",
                "sparsity",
                "batch",
                "kept weights, µs",
                "engine, µs",
                "ONNX Runtime, µs",
                "engine / kept",
                "ONNX Runtime / kept",
                "goal"));
    results.forEach(result -> table.row(result.cells()));
    return table.markdown();
  }

  /** The ratio to ONNX Runtime alone. */
  Figure figure() {
    return new Figure(
        "inference in batches of %d, dense in ONNX Runtime / sparse at %s"
            .formatted(batch, sparsity),
        network,
        times.onnxRatio(),
        String.format(
            Locale.ROOT, "%.1f µs / %.1f µs", times.onnx().median(), times.sparse().median()),
        Budget.atLeast(goal));
  }

  private List<String> cells() {
    return List.of(
        network,
        sparsity,
        Integer.toString(batch),
        number(times.sparse()),
        number(times.engine()),
        number(times.onnx()),
        times.engineRatio().shown(),
        times.onnxRatio().shown(),
        goal == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "≥ %.1f: %s",
                goal,
                times.onnxRatio().median() >= goal ? "holds" : "missed"));
  }

  private static String number(Measurements of) {
    return String.format(Locale.ROOT, of.median() < 100 ? "%.1f" : "%.0f", of.median());
  }
}
