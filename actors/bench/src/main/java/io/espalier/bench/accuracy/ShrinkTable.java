package io.espalier.bench.accuracy;

import io.espalier.cli.console.TextTable;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.NetworkLatency;
import io.espalier.trainer.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Results as Markdown: each line over its seeds, processor times and sizes against the dense
 * network's.
 */
final class ShrinkTable {
  private final boolean isText;
  private final List<ShrinkResult> results;
  private final Map<String, ExportedNetwork> exported;
  private final List<ReferencePoint> references;

  private ShrinkTable(
      boolean isText,
      List<ShrinkResult> results,
      Map<String, ExportedNetwork> exported,
      List<ReferencePoint> references) {
    this.isText = isText;
    this.results = results;
    this.exported = exported;
    this.references = references;
  }

  /** Formats the table; {@code exported} is by key of the result. */
  static String of(
      ShrinkStudy study,
      List<ShrinkResult> results,
      Map<String, ExportedNetwork> exported,
      List<ReferencePoint> references) {
    return new ShrinkTable(study.isText(), results, exported, references).text();
  }

  private String text() {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "network",
                "MACs",
                "processor time",
                "step at the end",
                isText ? "bits per character" : "accuracy, %",
                "against dense",
                "peak memory",
                "memory at the end",
                "model file",
                "sparse file",
                "ONNX file",
                "latency in ONNX Runtime",
                "slowest cut, steps"));
    results.stream().map(ShrinkResult::row).distinct().forEach(row -> table.row(cells(row)));
    return table.markdown()
        + "\n\n"
        + "Ratios to the dense network, seed by seed, their mean; "
        + (isText ? "bits per character and their" : "accuracy and its")
        + " difference to the dense network of the same seed as mean ± half the range over "
        + seeds(results.stream().map(ShrinkResult::seed).distinct().count())
        + "."
        + references.stream()
            .map(each -> "\n\n" + each.text() + " over " + seeds(each.accuracies().size()) + ".")
            .collect(Collectors.joining());
  }

  private static String seeds(long count) {
    return count == 1 ? "one seed" : count + " seeds";
  }

  private List<String> cells(String row) {
    List<ShrinkResult> own = results.stream().filter(each -> each.row().equals(row)).toList();
    List<String> cells = new ArrayList<>();
    cells.add(row);
    cells.add(ratio(own, result -> result.outcome().size().macs()));
    cells.add(ratio(own, result -> result.outcome().cost().seconds()));
    cells.add(ratio(own, result -> result.outcome().cost().stepSeconds()));
    cells.add(Averages.meanAndHalfRange(own.stream().map(this::quality).toList()));
    cells.add(
        Averages.meanAndHalfRange(
            own.stream()
                .flatMap(
                    each ->
                        ShrinkPoint.dense(each.seed(), results)
                            .map(base -> difference(each, base))
                            .stream())
                .toList()));
    cells.add(ratio(own, result -> result.outcome().cost().peakBytes()));
    cells.add(ratio(own, result -> result.outcome().cost().residentBytes()));
    cells.add(ratio(own, result -> result.outcome().size().modelBytes()));
    cells.add(ratio(own, result -> result.outcome().size().sparseBytes()));
    cells.add(ratio(own, result -> exported(result).bytes()));
    cells.add(ratio(own, result -> exported(result).seconds()));
    cells.add(
        own.stream().allMatch(each -> each.outcome().cost().cuts() == 0)
            ? Averages.NONE
            : Averages.number(
                own.stream()
                    .mapToDouble(each -> each.outcome().cost().cutSteps())
                    .max()
                    .orElse(0)));
    return cells;
  }

  private ExportedNetwork exported(ShrinkResult result) {
    return Objects.requireNonNull(exported.get(result.key()));
  }

  private double quality(ShrinkResult result) {
    return isText ? result.outcome().bits() : 100 * result.outcome().accuracy();
  }

  private double difference(ShrinkResult result, ShrinkResult base) {
    return quality(result) - quality(base);
  }

  private String ratio(List<ShrinkResult> own, ToDoubleFunction<ShrinkResult> value) {
    List<Double> ratios =
        own.stream()
            .flatMap(
                each ->
                    ShrinkPoint.dense(each.seed(), results)
                        .map(base -> value.applyAsDouble(each) / value.applyAsDouble(base))
                        .stream())
            .toList();
    return ratios.isEmpty() ? Averages.NONE : Averages.number(Averages.mean(ratios, each -> each));
  }

  /** A run's network in ONNX Runtime; {@code seconds} are for one example on one thread. */
  record ExportedNetwork(long bytes, double seconds) {
    static Map<String, ExportedNetwork> of(List<ShrinkTrial> trials, Path out) throws IOException {
      List<byte[]> files = new ArrayList<>();
      for (ShrinkTrial trial : trials) {
        Path model = trial.directory(out).resolve(ShrinkWorker.MODEL);
        files.add(OnnxExport.of(ModelFile.read(model).load(trial.recipe().config())).bytes());
      }
      List<Double> seconds = NetworkLatency.ofFiles(files);
      Map<String, ExportedNetwork> exported = new LinkedHashMap<>();
      for (int i = 0; i < files.size(); i++) {
        exported.put(trials.get(i).key(), new ExportedNetwork(files.get(i).length, seconds.get(i)));
      }
      return exported;
    }
  }
}
