package io.espalier.trainer.federated.course;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.aggregation.Updates;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.state.StateLayout;
import java.util.List;

/** Trained networks as values: what clients began with, plus their changes. */
final class ContributedValues implements Updates {
  private final List<StateLayout.Entry> entries;
  private final List<float[]> start;
  private final List<MaskSet> holds;
  private final List<ClientResult.Trained> results;

  /** In the order in which they count; {@code start} has one array per entry. */
  ContributedValues(
      List<StateLayout.Entry> entries,
      List<float[]> start,
      List<MaskSet> holds,
      List<ClientResult.Trained> results) {
    this.entries = entries;
    this.start = start;
    this.holds = holds;
    this.results = results;
  }

  @Override
  public int clients() {
    return results.size();
  }

  @Override
  public double weight(int client) {
    return results.get(client).examples();
  }

  @Override
  public Mask holds(int client, int parameter) {
    StateLayout.Entry entry = entries.get(parameter);
    return entry
        .mask()
        .map(index -> holds.get(client).masks().get(index))
        .orElseGet(() -> Mask.allKept(entry.size()));
  }

  @Override
  public float[] values(int client, int parameter) {
    float[] values = start.get(parameter).clone();
    float[] changes = results.get(client).changes().get(parameter);
    for (int unit = 0; unit < values.length; unit++) {
      values[unit] += changes[unit];
    }
    return values;
  }
}
