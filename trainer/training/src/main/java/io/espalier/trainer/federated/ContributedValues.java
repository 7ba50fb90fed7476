package io.espalier.trainer.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.federated.Aggregation.ClientUpdates;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.state.StateLayout;
import java.util.List;

/** Trained networks in the global layout: start values plus changes of kept units. */
final class ContributedValues implements ClientUpdates {
  private final List<StateLayout.Entry> entries;
  private final List<float[]> start;
  private final List<Contribution> contributions;

  ContributedValues(
      List<StateLayout.Entry> entries, List<float[]> start, List<Contribution> contributions) {
    this.entries = entries;
    this.start = start;
    this.contributions = contributions;
  }

  @Override
  public int clients() {
    return contributions.size();
  }

  @Override
  public double weight(int client) {
    return contributions.get(client).weight();
  }

  @Override
  public Mask holds(int client, int parameter) {
    Contribution from = contributions.get(client);
    Mask held =
        entries
            .get(parameter)
            .mask()
            .map(index -> from.holds().masks().get(index))
            .orElseGet(() -> Mask.allKept(changes(client, parameter).length));
    return from.slice().widened(parameter, held);
  }

  @Override
  public float[] values(int client, int parameter) {
    float[] values = start.get(parameter).clone();
    float[] changes =
        contributions.get(client).slice().widened(parameter, changes(client, parameter));
    for (int unit = 0; unit < values.length; unit++) {
      values[unit] += changes[unit];
    }
    return values;
  }

  private float[] changes(int client, int parameter) {
    ClientResult.Trained trained = (ClientResult.Trained) contributions.get(client).result();
    return trained.changes().get(parameter);
  }
}
