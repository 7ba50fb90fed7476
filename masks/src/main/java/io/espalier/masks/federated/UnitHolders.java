package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.federated.Aggregation.ClientUpdates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The clients that count in a round, and the values of those that hold a unit. */
final class UnitHolders {
  private UnitHolders() {}

  interface Rule {
    /** One value for the first {@code count}, at least one, of {@code sorted}, which ascends. */
    double of(double[] sorted, int count);
  }

  static List<float[]> merge(ClientUpdates updates, List<float[]> unchanged, Rule rule) {
    int[] voters = voters(updates);
    List<float[]> merged = new ArrayList<>();
    for (int p = 0; p < unchanged.size(); p++) {
      merged.add(merge(updates, voters, p, unchanged.get(p), rule));
    }
    return merged;
  }

  private static float[] merge(
      ClientUpdates updates, int[] voters, int parameter, float[] unchanged, Rule rule) {
    List<float[]> values = new ArrayList<>();
    List<Mask> holds = new ArrayList<>();
    for (int client : voters) {
      values.add(updates.values(client, parameter));
      holds.add(updates.holds(client, parameter));
      requireSize(unchanged.length, values.get(values.size() - 1).length);
      requireSize(unchanged.length, holds.get(holds.size() - 1).size());
    }
    float[] merged = unchanged.clone();
    double[] held = new double[voters.length];
    for (int unit = 0; unit < merged.length; unit++) {
      int count = 0;
      for (int k = 0; k < voters.length; k++) {
        if (holds.get(k).isKept(unit)) {
          held[count++] = values.get(k)[unit];
        }
      }
      if (count > 0) {
        Arrays.sort(held, 0, count);
        merged[unit] = (float) rule.of(held, count);
      }
    }
    return merged;
  }

  static boolean counts(double weight) {
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a client's weight must be finite and 0 or more: weight=" + weight);
    }
    return weight > 0;
  }

  static int[] voters(ClientUpdates updates) {
    return IntStream.range(0, updates.clients())
        .filter(client -> counts(updates.weight(client)))
        .toArray();
  }

  static void requireSize(int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(
          "there must be one value per unit: units=%d, values=%d".formatted(expected, found));
    }
  }
}
