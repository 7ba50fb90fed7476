package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.GreedyObs;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the outputs of the layers that read a channel lose with it and with all channels that go
 * before it, when those that are left make up for each: heads, neurons or other channels are
 * removed one batch after the other, the cheapest first, with the curvature {@code 2 mean x xᵀ + λ
 * I} (SlimGPT; Ling, Wang and others, "SlimGPT: layer-wise structured pruning for large language
 * models", 2024). What is kept makes up for it by the refit {@code least-squares}; ratios that rise
 * with depth are the allocation {@code rising}.
 */
final class GreedyObsScore implements ScoreProvider {
  private static final String NAME = "slimgpt";
  private static final String DAMPING = "damping";
  private static final String AT_ONCE = "at-once";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(16).number(DAMPING, .01).whole(AT_ONCE, 16);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double damping = settings.number(DAMPING);
    int atOnce = settings.whole(AT_ONCE);
    new Rules()
        .require(DAMPING, damping, damping >= 1e-6 && damping <= 1, "from 1e-6 to 1")
        .require(AT_ONCE, atOnce, atOnce >= 1 && atOnce <= 65_536, "from 1 to 65536")
        .verify();
  }

  @Override
  public Map<PluginKind, String> needs() {
    return ChannelScore.NEEDS;
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfChannels(
        StatisticRequest.of(InputStatistic.PRODUCTS, DataBatches.of(settings)),
        settings.number(DAMPING),
        settings.whole(AT_ONCE));
  }

  private record OfChannels(StatisticRequest products, double damping, int atOnce)
      implements ChannelScore {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(products);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      int length = weight.shape().dimensions().get(axis);
      double[] terms = new double[length];
      addTo(
          terms,
          weight,
          axis,
          IntStream.range(0, length).mapToObj(index -> new int[] {index}).toList());
      return List.of(terms);
    }

    @Override
    public void add(
        ScoredParameter weight,
        int axis,
        boolean weightsOnly,
        List<int[]> channels,
        List<double[]> sums) {
      if (sums.isEmpty()) {
        sums.add(new double[channels.size()]);
      }
      addTo(sums.get(0), weight, axis, channels);
    }

    /** What reads channels has terms alone; one that is gone from them has none. */
    private void addTo(double[] sums, ScoredParameter weight, int axis, List<int[]> channels) {
      if (axis != 1) {
        return;
      }
      List<Integer> left =
          IntStream.range(0, channels.size())
              .filter(channel -> channels.get(channel).length > 0)
              .boxed()
              .toList();
      int kernel = InputStatistic.features(weight.shape()) / weight.shape().dimensions().get(1);
      double[] costs =
          surgeon(weight)
              .costs(left.stream().map(at -> features(channels.get(at), kernel)).toList(), atOnce);
      for (int i = 0; i < costs.length; i++) {
        sums[left.get(i)] += costs[i];
      }
    }

    private static int[] features(int[] indices, int kernel) {
      return IntStream.of(indices)
          .flatMap(index -> IntStream.range(index * kernel, (index + 1) * kernel))
          .toArray();
    }

    private GreedyObs surgeon(ScoredParameter weight) {
      float[] measured = weight.statistic(products);
      int features = InputStatistic.features(weight.shape());
      int groups = measured.length / (features * features);
      int rows = weight.shape().dimensions().get(0) / groups;
      GreedyObs surgeon = new GreedyObs();
      for (int group = 0; group < groups; group++) {
        int first = group * rows * features;
        double[][] weights = new double[rows][features];
        for (int i = 0; i < rows * features; i++) {
          weights[i / features][i % features] = weight.weights()[first + i];
        }
        surgeon.with(weights, inverse(measured, features, group * features * features));
      }
      surgeon.remove(gone(weight, features));
      return surgeon;
    }

    /** Inputs of which no weight may be kept: they make up for nothing. */
    private static int[] gone(ScoredParameter weight, int features) {
      int rows = weight.shape().dimensions().get(0);
      return IntStream.range(0, features)
          .filter(
              input ->
                  IntStream.range(0, rows)
                      .noneMatch(row -> weight.candidates().isKept(row * features + input)))
          .toArray();
    }

    private SymmetricMatrix inverse(float[] measured, int features, int from) {
      SymmetricMatrix curvature =
          SymmetricMatrix.of(features, (a, b) -> 2.0 * measured[from + a * features + b]);
      double added = curvature.scale() > 0 ? damping * curvature.scale() : 1;
      return Cholesky.of(curvature.plus(added), added / 2).orElseThrow().inverse();
    }

    @Override
    public double value(double sum) {
      return sum;
    }
  }
}
