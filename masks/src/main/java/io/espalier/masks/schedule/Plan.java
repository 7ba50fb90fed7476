package io.espalier.masks.schedule;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The clocks and counts of a run: total steps, syncs, mask updates, evaluations, checkpoints. A
 * step is a number of completed optimizer steps. Pure function of recipe, data size and network, so
 * a resumed run has the same plan. Immutable.
 */
public final class Plan {
  private final SyncClock syncs;
  private final long stepsPerEpoch;
  private final OptionalLong evaluateEvery;
  private final long checkpointEvery;
  private final TreeMap<Long, PlannedUpdate> updates;
  private final long annealingSteps;
  private final long prunable;
  private final double finalSparsity;
  private final long finalKept;

  Plan(
      SyncClock syncs,
      long stepsPerEpoch,
      OptionalLong evaluateEvery,
      long checkpointEvery,
      List<PlannedUpdate> updates,
      long annealingSteps,
      long prunable,
      double finalSparsity,
      long finalKept) {
    this.syncs = syncs;
    this.stepsPerEpoch = stepsPerEpoch;
    this.evaluateEvery = evaluateEvery;
    this.checkpointEvery = checkpointEvery;
    this.updates =
        updates.stream()
            .collect(
                Collectors.toMap(
                    PlannedUpdate::step, Function.identity(), (a, b) -> b, TreeMap::new));
    this.annealingSteps = annealingSteps;
    this.prunable = prunable;
    this.finalSparsity = finalSparsity;
    this.finalKept = finalKept;
  }

  /**
   * Plans a run; {@code smallestShard} is the number of examples of the trainer that has fewest.
   *
   * @param smallestShard examples of the trainer that has fewest
   * @param prunable shapes of the prunable parameters, in parameter order
   * @throws InvalidConfigException naming every rule that recipe, data and network break together
   */
  public static Plan of(RunConfig config, long smallestShard, List<ParameterShape> prunable) {
    return new Planner(config, smallestShard, prunable).plan();
  }

  public long totalSteps() {
    return syncs.totalSteps();
  }

  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /**
   * True at step 0, every {@code sync-every} steps, at the step of another run that this one starts
   * from, and at the last step.
   */
  public boolean isSync(long step) {
    return syncs.isSync(step);
  }

  /** The first sync strictly after {@code step}, which must be a step before the last. */
  public long nextSync(long step) {
    if (step < 0 || step >= totalSteps()) {
      throw new IllegalArgumentException(
          "a step with a next sync must be from 0 to steps - 1: step=%d, steps=%d"
              .formatted(step, totalSteps()));
    }
    return syncs.after(step);
  }

  /** The mask update at a sync. */
  public Optional<PlannedUpdate> updateAt(long syncStep) {
    return Optional.ofNullable(updates.get(syncStep));
  }

  public List<PlannedUpdate> updates() {
    return List.copyOf(updates.values());
  }

  /** The sync of the last update, from which masks are fixed; {@code totalSteps + 1} if none. */
  public long freezeStep() {
    return Optional.ofNullable(updates.lastEntry()).map(Map.Entry::getKey).orElse(totalSteps() + 1);
  }

  /** The sync whose update reaches the final sparsity; 0 where nothing is pruned. */
  public long finalSparsityStep() {
    long step = 0;
    double sparsity = 0;
    for (PlannedUpdate update : updates.values()) {
      step = update.sparsity() == sparsity ? step : update.step();
      sparsity = update.sparsity();
    }
    return step;
  }

  /** The step from which masks are fixed and no pruned unit takes part any more; 0 if dense. */
  public long settledStep() {
    return updates.isEmpty() ? 0 : freezeStep() + annealingSteps;
  }

  /** True at the first sync at or after each multiple of {@code evaluate-every}. */
  public boolean evaluationDue(long syncStep) {
    return evaluateEvery.isPresent() && syncs.isDue(syncStep, evaluateEvery.getAsLong());
  }

  /** True at the first sync at or after each multiple of {@code checkpoint-every}. */
  public boolean checkpointDue(long syncStep) {
    return syncs.isDue(syncStep, checkpointEvery);
  }

  /** Steps from a unit's pruning to temperature 0; 0 unless masks are annealed. */
  public long annealingSteps() {
    return annealingSteps;
  }

  public long prunable() {
    return prunable;
  }

  public double finalSparsity() {
    return finalSparsity;
  }

  /** Weights kept at the end; where several are one unit, what the sparsity would keep. */
  public long finalKept() {
    return finalKept;
  }
}
