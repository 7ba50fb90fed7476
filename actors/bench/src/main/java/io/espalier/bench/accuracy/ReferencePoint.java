package io.espalier.bench.accuracy;

import java.util.List;

/**
 * Accuracies that another program reached under the default images and epochs; how long it took was
 * not measured in turns with these runs.
 *
 * @param kept share of the multiply-accumulates
 * @param accuracies in percent, one of each seed
 */
record ReferencePoint(String label, double kept, List<Double> accuracies) {
  ReferencePoint {
    accuracies = List.copyOf(accuracies);
  }

  double mean() {
    return Averages.mean(accuracies, each -> each);
  }

  String text() {
    return "%s: %s %%".formatted(label, Averages.meanAndHalfRange(accuracies));
  }
}
