package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.federated.Aggregation.ClientUpdates;
import java.util.ArrayList;
import java.util.List;

/** Updates of clients in memory. */
final class SentUpdates implements ClientUpdates {
  private record Sent(List<float[]> values, List<Mask> holds, double weight) {}

  private final List<Sent> sent = new ArrayList<>();

  /** Clients of weight 1 that hold one unit each, with the given values. */
  static SentUpdates ofValues(float... values) {
    SentUpdates updates = new SentUpdates();
    for (float value : values) {
      updates.with(1, Mask.allKept(1), value);
    }
    return updates;
  }

  /** One more client, of a network of one parameter. */
  SentUpdates with(double weight, Mask holds, float... values) {
    return with(weight, List.of(holds), List.of(values));
  }

  SentUpdates with(double weight, List<Mask> holds, List<float[]> values) {
    sent.add(new Sent(values, holds, weight));
    return this;
  }

  @Override
  public int clients() {
    return sent.size();
  }

  @Override
  public double weight(int client) {
    return sent.get(client).weight();
  }

  @Override
  public Mask holds(int client, int parameter) {
    return sent.get(client).holds().get(parameter);
  }

  @Override
  public float[] values(int client, int parameter) {
    return sent.get(client).values().get(parameter);
  }
}
