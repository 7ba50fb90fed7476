package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.federated.Aggregation.ClientUpdates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The one update that lies closest to its neighbours: of n updates that with the smallest sum of
 * squared distances to its n − f − 2 nearest others, the earlier of equal ones ("Machine learning
 * with adversaries: Byzantine tolerant gradient descent", Blanchard et al., 2017).
 *
 * <p>A client leaves what it does not hold unchanged, and is compared so. Weights above 0 do not
 * count: a client could claim any. Holds all clients' values of one parameter at a time, and asks
 * for those of the chosen one twice.
 *
 * @param faulty the number f of false clients that it stands, 0 or more; that needs n ≥ 2f + 3.
 *     Fewer clients are still compared, by at least their nearest neighbour, but without that
 *     promise
 */
record Krum(int faulty) implements Aggregation {
  public Krum {
    if (faulty < 0) {
      throw new IllegalArgumentException(
          "Krum must stand 0 or more false clients: faulty=" + faulty);
    }
  }

  @Override
  public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
    OptionalInt chosen = choose(updates, unchanged);
    List<float[]> merged = new ArrayList<>();
    for (int p = 0; p < unchanged.size(); p++) {
      merged.add(
          chosen.isPresent()
              ? whole(updates, chosen.getAsInt(), p, unchanged.get(p))
              : unchanged.get(p).clone());
    }
    return merged;
  }

  /** The chosen client; empty if none has a weight above 0. */
  OptionalInt choose(ClientUpdates updates, List<float[]> unchanged) {
    int[] voters = UnitHolders.voters(updates);
    double[][] distances = distances(updates, voters, unchanged);
    OptionalInt best = OptionalInt.empty();
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < voters.length; k++) {
      double sum = nearest(distances[k], k);
      if (sum < least) {
        least = sum;
        best = OptionalInt.of(voters[k]);
      }
    }
    return best;
  }

  private double nearest(double[] distances, int self) {
    double[] others = distances.clone();
    others[self] = -1;
    Arrays.sort(others);
    int neighbours = Math.min(others.length - 1, Math.max(1, others.length - faulty - 2));
    double sum = 0;
    for (int i = 1; i <= neighbours; i++) {
      sum += others[i];
    }
    return sum;
  }

  private static double[][] distances(
      ClientUpdates updates, int[] voters, List<float[]> unchanged) {
    double[][] distances = new double[voters.length][voters.length];
    for (int p = 0; p < unchanged.size(); p++) {
      List<float[]> wholes = new ArrayList<>();
      for (int client : voters) {
        wholes.add(whole(updates, client, p, unchanged.get(p)));
      }
      for (int a = 0; a < voters.length; a++) {
        for (int b = 0; b < a; b++) {
          distances[a][b] += squaredDistance(wholes.get(a), wholes.get(b));
          distances[b][a] = distances[a][b];
        }
      }
    }
    return distances;
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** A parameter with the client's values, and {@code unchanged} where it holds none. */
  private static float[] whole(
      ClientUpdates updates, int client, int parameter, float[] unchanged) {
    float[] values = updates.values(client, parameter);
    Mask holds = updates.holds(client, parameter);
    UnitHolders.requireSize(unchanged.length, values.length);
    UnitHolders.requireSize(unchanged.length, holds.size());
    float[] whole = unchanged.clone();
    holds.forEachKept(unit -> whole[unit] = values[unit]);
    return whole;
  }
}
