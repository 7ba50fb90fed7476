package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdater;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The time to select the exact counts of a network's best units, to build the masks, and to do a
 * whole update, against the time to read the scores twice.
 */
final class SelectionCost {
  private static final Budget BUDGET = Budget.atMost(2);
  private static final String READING = "reading";

  private final SampleShapes network;
  private final ScoreArrays scores;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> budgeted = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final AlternatingRounds turns = new AlternatingRounds();

  private SelectionCost(SampleShapes network) {
    this.network = network;
    this.scores = ScoreArrays.of(network);
  }

  static List<Figure> measure(SampleShapes network, int rounds) {
    return new SelectionCost(network).figures(rounds);
  }

  private List<Figure> figures(int rounds) {
    List<Mask> all = network.dense().masks();
    List<Mask> fifth = top(scores.magnitudes(), all, 0.2).masks();
    turns.add(READING, () -> scores.read() + scores.read());
    threshold("all units, keep 10 %", scores.magnitudes(), all, 0.1);
    threshold("all units, keep 2 %", scores.magnitudes(), all, 0.02);
    threshold("20 % are left, keep 10 %", scores.magnitudes(), fifth, 0.1);
    threshold(
        "4 % are left, keep 2 %",
        scores.magnitudes(), top(scores.magnitudes(), all, 0.04).masks(), 0.02);
    threshold("two values in all, keep 10 %", scores.tied(), all, 0.1);
    threshold("nine neighbouring values, keep 10 %", scores.crowded(), all, 0.1);
    masks("all units, keep 10 %", scores.magnitudes(), all);
    masks("20 % are left, keep 10 %", scores.magnitudes(), fifth);
    masks("two values in all, keep 10 %", scores.tied(), all);
    update();
    turns.run(rounds);
    budgeted.forEach(name -> figures.add(figure(name, Optional.of(BUDGET))));
    others.forEach(name -> figures.add(figure(name, Optional.empty())));
    return figures;
  }

  private void threshold(String of, List<float[]> values, List<Mask> candidates, double density) {
    String name = "threshold and ties (" + of + ")";
    budgeted.add(name);
    turns.add(name, () -> top(values, candidates, density).counts().get(0));
  }

  private void masks(String of, List<float[]> values, List<Mask> candidates) {
    String name = "threshold, ties and masks (" + of + ")";
    others.add(name);
    turns.add(name, () -> top(values, candidates, 0.1).masks().get(0).kept());
  }

  private void update() {
    others.add("magnitude scores");
    turns.add("magnitude scores", scores::score);
    MaskUpdater updater = SampleUpdate.updater(network, "gradual");
    MaskSet dense = network.dense();
    List<float[]> weights = scores.weights();
    MaskSet current =
        updater
            .update(dense, weights, Statistics.none(), SampleUpdate.target(dense, 0.2), false)
            .next();
    others.add("whole hard update, 20 % to 10 %");
    turns.add(
        "whole hard update, 20 % to 10 %",
        () ->
            updater
                .update(current, weights, Statistics.none(), SampleUpdate.target(dense, 0.1), false)
                .next()
                .kept());
    others.add("reading twice with four sums at a time");
    turns.add(
        "reading twice with four sums at a time", () -> scores.readFast() + scores.readFast());
  }

  private Top top(List<float[]> values, List<Mask> candidates, double density) {
    Ranking ranking = Ranking.of(values, candidates);
    List<Integer> floors = Collections.nCopies(candidates.size(), 1);
    return new Top(ranking, ranking.topCounts(Math.round(density * network.units()), floors));
  }

  private record Top(Ranking ranking, List<Integer> counts) {
    List<Mask> masks() {
      return ranking.top(counts);
    }
  }

  private Figure figure(String name, Optional<Budget> budget) {
    return new Figure(
        name + " / reading the scores twice",
        network.name(),
        Measurements.ofRatios(turns.of(name), turns.of(READING)),
        String.format(
            Locale.ROOT,
            "%.2f ms / %.2f ms",
            1e3 * Measurements.of(turns.of(name)).median(),
            1e3 * Measurements.of(turns.of(READING)).median()),
        budget);
  }
}
