package io.espalier.trainer.analysis;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import io.espalier.trainer.network.ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether a score orders units as their removal does: Kendall's τ of the scores of neurons and
 * filters against the rise of the loss without them (the check of Feng et al., "Is Oracle Pruning
 * the True Oracle?", 2024, with single units for masks).
 */
final class ScoreAgreement implements NetworkDiagnostic {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x756e6974L;

  private static final List<Heading> HEADINGS =
      List.of(
          new Heading("parameter", "parameter", Format.TEXT),
          new Heading("units", "units", Format.COUNT),
          new Heading("removed", "removed", Format.COUNT),
          new Heading("tau", "τ", Format.NUMBER),
          new Heading("meanRise", "mean rise", Format.NUMBER),
          new Heading("largestRise", "largest rise", Format.NUMBER));

  @Override
  public String name() {
    return "kendall";
  }

  @Override
  public String summary() {
    return "Kendall's τ of a score against the rise of the loss when a neuron or filter is removed;"
        + " a pass of a sample of the training examples per unit";
  }

  @Override
  public Optional<String> obstacle(AnalysedNetwork network) {
    return hidden(network).isEmpty()
        ? Optional.of("the network has no hidden layer, whose units could be removed")
        : UnitScores.obstacle(network.settings().scoring());
  }

  /** The weights whose outputs are not the classes. */
  private static List<ParameterSpec> hidden(AnalysedNetwork network) {
    List<ParameterSpec> weights = network.weights();
    return weights.subList(0, Math.max(0, weights.size() - 1));
  }

  /** A layer, its units that still have weights, and those of them to remove. */
  private record Layer(ParameterSpec weight, int units, List<Integer> removed) {
    int width() {
      return weight.shape().size() / weight.shape().dimensions().get(0);
    }
  }

  /** Holds what is known of removed units, one number each, in one order. */
  private record Outcomes(List<Double> scores, List<Double> rises) {
    Outcomes() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    double tau() {
      return KendallTau.of(numbers(scores), numbers(rises)).tauB();
    }

    void add(Outcomes more) {
      scores.addAll(more.scores);
      rises.addAll(more.rises);
    }

    private static double[] numbers(List<Double> all) {
      return all.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    List<float[]> scores = UnitScores.of(network);
    double loss = network.evaluate(network.trainingSample()).loss();
    List<Layer> layers = layers(network);
    int total = layers.stream().mapToInt(layer -> layer.removed().size()).sum();
    Outcomes all = new Outcomes();
    List<List<Object>> rows = new ArrayList<>();
    for (int p = 0; p < layers.size(); p++) {
      Layer layer = layers.get(p);
      Outcomes own = new Outcomes();
      for (int unit : layer.removed()) {
        own.scores().add((double) scores.get(p)[unit]);
        own.rises().add(without(network, layer, unit) - loss);
        network.progress(all.rises().size() + own.rises().size(), total);
      }
      all.add(own);
      rows.add(row(layer, own));
    }
    return Finding.titled("Scores against outcomes")
        .text("score", "score", network.settings().scoring().prune().ranking().score().toString())
        .number("tau", "Kendall's τ over all layers", all.tau())
        .count("removed", "units removed in turn", total)
        .number("loss", "loss as it is", loss)
        .table("", HEADINGS, rows)
        .note(
            "On %,d training examples. A unit is removed by setting the weights that it reads by to 0; its score is their mean. τ is 1 where the score orders units as the rise of the loss does, 0 where it says nothing, −1 where it reverses them (τ-b, with ties)."
                .formatted(network.trainingSample().count()));
  }

  private static List<Layer> layers(AnalysedNetwork network) {
    List<Layer> layers = new ArrayList<>();
    for (ParameterSpec weight : hidden(network)) {
      float[] values = network.values(weight.id());
      int units = weight.shape().dimensions().get(0);
      int width = values.length / units;
      CounterRandom random = CounterRandom.of(network.settings().seed(), DOMAIN, layers.size());
      List<Integer> living =
          IntStream.range(0, units)
              .filter(unit -> lives(values, unit * width, width))
              .boxed()
              .toList();
      List<Integer> removed =
          living.stream()
              .sorted(Comparator.comparingLong((Integer each) -> random.bits(each)))
              .limit(network.settings().units())
              .toList();
      layers.add(new Layer(weight, living.size(), removed));
    }
    return layers;
  }

  private static boolean lives(float[] values, int from, int width) {
    return IntStream.range(from, from + width).anyMatch(at -> values[at] != 0);
  }

  private static double without(AnalysedNetwork network, Layer layer, int unit) {
    int from = unit * layer.width();
    return network.changed(
        layer.weight().id(),
        values -> Arrays.fill(values, from, from + layer.width(), 0),
        () -> network.evaluate(network.trainingSample()).loss());
  }

  private static List<Object> row(Layer layer, Outcomes own) {
    return List.of(
        layer.weight().id().name(),
        (long) layer.units(),
        (long) layer.removed().size(),
        own.tau(),
        own.rises().stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
        own.rises().stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
  }
}
