package io.espalier.trainer.federated;

import io.espalier.masks.federated.MaskAwareMean;
import io.espalier.masks.federated.PooledNorms;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The means of a round as sums that each client is added to: their memory is that of the network,
 * two doubles per value, however many clients there are. Running statistics are pooled by examples.
 */
final class RunningMeans implements ResultMerger.Merge {
  private final StateLayout layout;
  private final List<float[]> unchanged;
  private final Map<Integer, MaskAwareMean> means = new TreeMap<>();

  /** By the place of the running mean, which its variance follows. */
  private final Map<Integer, PooledNorms> norms = new TreeMap<>();

  RunningMeans(StateLayout layout, List<float[]> unchanged) {
    this.layout = layout;
    this.unchanged = unchanged;
    for (int p = 0; p < unchanged.size(); p++) {
      Role role = layout.entries().get(p).role();
      if (role == Role.RUNNING_MEAN) {
        norms.put(p, new PooledNorms(unchanged.get(p).length));
      } else if (role.isTrained()) {
        means.put(p, new MaskAwareMean(unchanged.get(p).length));
      }
    }
  }

  @Override
  public void add(Contribution next) {
    ContributedValues client = new ContributedValues(layout.entries(), unchanged, List.of(next));
    means.forEach((p, mean) -> mean.add(client.values(0, p), client.holds(0, p), client.weight(0)));
    norms.forEach(
        (p, pooled) ->
            pooled.add(
                client.values(0, p),
                nonNegative(client.values(0, p + 1)),
                client.holds(0, p),
                client.weight(0)));
  }

  @Override
  public TrainingState merged() {
    List<float[]> merged = new ArrayList<>(unchanged);
    means.forEach((p, mean) -> merged.set(p, mean.merge(unchanged.get(p))));
    norms.forEach(
        (p, pooled) -> {
          merged.set(p, pooled.mean(unchanged.get(p)));
          merged.set(p + 1, pooled.variance(unchanged.get(p + 1)));
        });
    return TrainingState.of(layout, merged);
  }

  private static float[] nonNegative(float[] variances) {
    for (int i = 0; i < variances.length; i++) {
      variances[i] = Math.max(0, variances[i]);
    }
    return variances;
  }
}
