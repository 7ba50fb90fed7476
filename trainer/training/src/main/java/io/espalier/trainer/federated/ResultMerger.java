package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.masks.federated.Aggregation;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges changes by the recipe's rule over the clients that hold each value. */
final class ResultMerger {
  private final StateLayout layout;
  private final Optional<Aggregation> rule;

  /** The merge of one round; sums depend on the order of the contributions. */
  interface Merge {
    void add(Contribution next);

    TrainingState merged();
  }

  ResultMerger(StateLayout layout, RoundsConfig rounds) {
    this.layout = layout;
    this.rule = Aggregation.of(rounds.merge().aggregation());
  }

  /** Begins a round whose clients train from {@code start}. */
  Merge begin(TrainingState start) {
    List<float[]> unchanged = new ArrayList<>();
    for (int i = 0; i < layout.entries().size(); i++) {
      unchanged.add(start.values(i, 0));
    }
    return rule.<Merge>map(robust -> new WholeCohort(layout, robust, unchanged))
        .orElseGet(() -> new RunningMeans(layout, unchanged));
  }

  /** Robust rules compare the clients, and so hold the changes of all of them. */
  private static final class WholeCohort implements Merge {
    private final StateLayout layout;
    private final Aggregation robust;
    private final List<float[]> unchanged;
    private final List<Contribution> cohort = new ArrayList<>();

    WholeCohort(StateLayout layout, Aggregation robust, List<float[]> unchanged) {
      this.layout = layout;
      this.robust = robust;
      this.unchanged = unchanged;
    }

    @Override
    public void add(Contribution next) {
      cohort.add(next);
    }

    @Override
    public TrainingState merged() {
      return TrainingState.of(
          layout,
          robust.merge(new ContributedValues(layout.entries(), unchanged, cohort), unchanged));
    }
  }
}
