package io.espalier.trainer.analysis;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Measures what it costs to prune one weight alone, by magnitude, to several sparsities (Han et
 * al., "Learning both Weights and Connections for Efficient Neural Networks", 2015; Li et al.,
 * "Pruning Filters for Efficient ConvNets", 2017). All others stay as they are, and nothing is
 * trained.
 */
final class LayerSensitivity implements NetworkDiagnostic {
  @Override
  public String name() {
    return "sensitivity";
  }

  @Override
  public String summary() {
    return "accuracy and loss where one layer alone is pruned further by magnitude; a pass of a"
        + " sample of the training examples per layer and sparsity";
  }

  /** A layer, and the evaluations at each sparsity. */
  private record Curve(ParameterSpec weight, double density, List<EvaluationPart> at) {
    double meanLoss() {
      return at.stream().mapToDouble(EvaluationPart::loss).average().orElseThrow();
    }

    String name() {
      return weight.id().name();
    }
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    List<Double> sparsities = network.settings().sparsities();
    Sample sample = network.trainingSample();
    EvaluationPart whole = network.evaluate(sample);
    List<ParameterSpec> weights = network.weights();
    List<Curve> curves = new ArrayList<>();
    for (ParameterSpec weight : weights) {
      curves.add(curve(network, weight, whole, curves.size() * sparsities.size()));
    }
    Comparator<Curve> byLoss = Comparator.comparingDouble(Curve::meanLoss);
    return Finding.titled("Sensitivity per layer")
        .share("accuracy", "accuracy as it is", whole.accuracy())
        .number("loss", "loss as it is", whole.loss())
        .text("mostSensitive", "most sensitive", curves.stream().max(byLoss).orElseThrow().name())
        .text("leastSensitive", "least sensitive", curves.stream().min(byLoss).orElseThrow().name())
        .table("accuracy", headings(sparsities, Format.SHARE), rows(curves, Format.SHARE))
        .table("loss", headings(sparsities, Format.NUMBER), rows(curves, Format.NUMBER))
        .note(
            "On %,d training examples. Columns are the sparsity of that layer, others stay as they are; sparsities that a layer has already change nothing."
                .formatted(sample.count()));
  }

  private static Curve curve(
      AnalysedNetwork network, ParameterSpec weight, EvaluationPart whole, int done) {
    List<Double> sparsities = network.settings().sparsities();
    float[] values = network.values(weight.id());
    long zeros = zeros(values);
    List<EvaluationPart> at = new ArrayList<>();
    for (double sparsity : sparsities) {
      at.add(
          zeros >= Counts.pruned(sparsity, values.length)
              ? whole
              : network.changed(
                  weight.id(),
                  pruned -> prune(pruned, sparsity),
                  () -> network.evaluate(network.trainingSample())));
      network.progress(done + at.size(), network.weights().size() * sparsities.size());
    }
    return new Curve(weight, 1 - (double) zeros / values.length, at);
  }

  private static long zeros(float[] values) {
    long zeros = 0;
    for (float value : values) {
      zeros += value == 0 ? 1 : 0;
    }
    return zeros;
  }

  /** Sets exactly the share of the smallest magnitudes to 0. */
  private static void prune(float[] values, double sparsity) {
    Ranking ranking = Ranking.ofMagnitudes(List.of(values), List.of(Mask.allKept(values.length)));
    Mask kept = ranking.top(List.of((int) Counts.kept(sparsity, values.length))).get(0);
    for (int unit = 0; unit < values.length; unit++) {
      values[unit] = kept.isKept(unit) ? values[unit] : 0;
    }
  }

  private static List<Heading> headings(List<Double> sparsities, Format format) {
    List<Heading> headings = new ArrayList<>();
    headings.add(new Heading("parameter", "parameter", Format.TEXT));
    headings.add(new Heading("weights", "weights", Format.COUNT));
    headings.add(new Heading("density", "density", Format.SHARE));
    for (double sparsity : sparsities) {
      String percent = String.format(Locale.ROOT, "%.4g", 100 * sparsity);
      String plain = percent.replaceFirst("\\.?0+$", "");
      headings.add(new Heading("at" + plain, "at " + plain + " %", format));
    }
    return headings;
  }

  private static List<List<Object>> rows(List<Curve> curves, Format format) {
    List<List<Object>> rows = new ArrayList<>();
    for (Curve curve : curves) {
      List<Object> row = new ArrayList<>();
      row.add(curve.name());
      row.add((long) curve.weight().shape().size());
      row.add(curve.density());
      curve.at().forEach(at -> row.add(format == Format.SHARE ? at.accuracy() : at.loss()));
      rows.add(row);
    }
    return rows;
  }
}
