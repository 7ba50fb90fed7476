package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.masks.federated.Aggregation;
import io.espalier.masks.federated.NormClip;
import io.espalier.masks.federated.PooledNorms;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Merges clipped changes by the recipe's rule over the clients that hold each value. A mean pools
 * running statistics by examples; robust rules merge them like other values.
 */
final class ResultMerger {
  private final StateLayout layout;
  private final Aggregation rule;
  private final Optional<NormClip> clip;

  ResultMerger(StateLayout layout, RoundsConfig rounds) {
    this.layout = layout;
    this.rule = Aggregation.of(rounds.aggregation());
    this.clip = rounds.clipNorm().map(NormClip::new);
  }

  TrainingState merge(TrainingState start, List<Contribution> contributions) {
    List<float[]> unchanged = new ArrayList<>();
    for (int i = 0; i < layout.entries().size(); i++) {
      unchanged.add(start.values(i, 0));
    }
    contributions.forEach(each -> clip((ClientResult.Trained) each.result()));
    ContributedValues updates = new ContributedValues(layout.entries(), unchanged, contributions);
    List<float[]> merged = rule.merge(updates, unchanged);
    if (rule.isMean()) {
      poolNorms(updates, unchanged, merged);
    }
    return TrainingState.of(layout, merged);
  }

  private void clip(ClientResult.Trained result) {
    clip.ifPresent(
        limit -> {
          List<float[]> trained = new ArrayList<>();
          for (int i = 0; i < layout.entries().size(); i++) {
            if (layout.entries().get(i).role().isTrained()) {
              trained.add(result.changes().get(i));
            }
          }
          limit.clip(trained);
        });
  }

  private void poolNorms(ContributedValues updates, List<float[]> unchanged, List<float[]> merged) {
    for (int mean = 0; mean < merged.size(); mean++) {
      if (layout.entries().get(mean).role() == Role.RUNNING_MEAN) {
        int variance = mean + 1;
        PooledNorms pooled = new PooledNorms(merged.get(mean).length);
        for (int client = 0; client < updates.clients(); client++) {
          pooled.add(
              updates.values(client, mean),
              nonNegative(updates.values(client, variance)),
              updates.holds(client, mean),
              updates.weight(client));
        }
        merged.set(mean, pooled.mean(unchanged.get(mean)));
        merged.set(variance, pooled.variance(unchanged.get(variance)));
      }
    }
  }

  private static float[] nonNegative(float[] variances) {
    for (int i = 0; i < variances.length; i++) {
      variances[i] = Math.max(0, variances[i]);
    }
    return variances;
  }
}
