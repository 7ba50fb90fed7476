package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How far a weight's output is from the others of its layer: the sum of Euclidean distances between
 * their rows {@code [inputs · kH · kW]}. The most central output goes first, as the others can
 * stand in for it ("Filter pruning via geometric median", FPGM, He, Liu, Wang, Hu and Yang, 2019).
 * A channel has the sum over all weights that give it; those that read it do not count. Outputs
 * without candidates are not there.
 */
final class GeometricMedianScore implements ScoreProvider {
  @Override
  public String name() {
    return "geometric-median";
  }

  @Override
  public boolean ranksWithinOutputs() {
    return false;
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Distances();
  }

  private record Distances() implements Score, ChannelTerms {
    @Override
    public Optional<ChannelTerms> channels() {
      return Optional.of(this);
    }

    @Override
    public boolean isOfGivers() {
      return true;
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      double[] distances = distances(of);
      int length = scores.length / distances.length;
      for (int row = 0; row < distances.length; row++) {
        Arrays.fill(scores, row * length, (row + 1) * length, (float) distances[row]);
      }
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      return List.of(
          axis == 0 ? distances(weight) : new double[weight.shape().dimensions().get(axis)]);
    }

    @Override
    public double value(double sum) {
      return sum;
    }

    private static double[] distances(ScoredParameter of) {
      double[] sums = new double[of.shape().dimensions().get(0)];
      int length = of.weights().length / sums.length;
      List<Integer> rows = rows(of.candidates(), sums.length, length);
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < i; j++) {
          double distance = distance(of.weights(), rows.get(i), rows.get(j), length);
          sums[rows.get(i)] += distance;
          sums[rows.get(j)] += distance;
        }
      }
      return sums;
    }

    private static List<Integer> rows(Mask candidates, int count, int length) {
      List<Integer> rows = new ArrayList<>();
      for (int row = 0; row < count; row++) {
        int next = candidates.nextKept(row * length);
        if (next >= 0 && next < (row + 1) * length) {
          rows.add(row);
        }
      }
      return rows;
    }

    private static double distance(float[] weights, int one, int other, int length) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        double difference = (double) weights[one * length + i] - weights[other * length + i];
        sum += difference * difference;
      }
      return Math.sqrt(sum);
    }
  }
}
