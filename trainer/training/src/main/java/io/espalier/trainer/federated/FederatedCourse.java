package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork.Kind;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans the work of each round and merges its results into the global network. A pure function of
 * recipe and contributions in order; a resumed course merges the candidates' norms again. Not
 * thread-safe.
 */
public final class FederatedCourse {
  private final PreparedFederation federation;
  private final PreparedRun run;
  private final ResultMerger merging;
  private final UpdateBounds bounds;
  private final MaskRule rule;
  private final Optional<CandidateSelection> selection;
  private Committed model;

  private FederatedCourse(PreparedFederation federation, Committed start) {
    this.federation = federation;
    this.run = federation.values();
    this.merging = new ResultMerger(run.stateLayout(), federation.rounds());
    this.bounds = new UpdateBounds(run.stateLayout(), federation.rounds());
    this.rule = MaskRule.of(federation);
    this.model = start;
    this.selection =
        isUndecided(start)
            ? Optional.of(CandidateSelection.of(federation, start.state()))
            : Optional.empty();
  }

  /** Starts before the first round with the values of {@link ServerReplica#initial}. */
  public static FederatedCourse start(PreparedFederation federation, TrainingState initial) {
    PreparedRun run = federation.values();
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    return new FederatedCourse(
        federation, new Committed(0, initial, run.masks(dense, 0), false, run));
  }

  public static FederatedCourse resume(PreparedFederation federation, Committed model) {
    return new FederatedCourse(federation, model);
  }

  /** Updates the masks before the first round if no client is needed for it. Called once. */
  public Optional<MaskUpdate> open() {
    Optional<MaskUpdate> update =
        selection.isEmpty()
            ? rule.after(0, model.masks().masks(), model.state().prunableWeights(), List.of())
            : Optional.empty();
    update.ifPresent(each -> prune(each, 0));
    return selection.filter(each -> each.candidates().size() == 1).isPresent()
        ? Optional.of(choose(0))
        : update;
  }

  private boolean isUndecided(Committed start) {
    return federation.algorithm() instanceof FederationConfig.FedTiny
        && start.masks().masks().version().equals(MaskVersion.DENSE);
  }

  public Committed model() {
    return model;
  }

  public Optional<RoundWork> next() {
    int completed = Math.toIntExact(model.step());
    if (isUndecided(model)) {
      Kind kind = selection().hasNorms() ? Kind.MEASURE_LOSSES : Kind.MEASURE_NORMS;
      String key = kind == Kind.MEASURE_NORMS ? "norms" : "losses";
      return Optional.of(new RoundWork(key, kind, completed, 0, List.of()));
    }
    if (completed >= federation.rounds().rounds()) {
      return Optional.empty();
    }
    List<ProposalCount> proposals = rule.proposals(completed, model.masks().masks());
    return Optional.of(
        new RoundWork(
            String.valueOf(completed + 1),
            proposals.isEmpty() ? Kind.TRAIN : Kind.TRAIN_AND_PROPOSE,
            completed,
            run.learningRate().at(completed),
            proposals));
  }

  public List<MaskSet> candidates() {
    return selection().candidates();
  }

  /** The merged norm statistics of the candidates while the next work measures losses. */
  public List<List<float[]>> candidateNorms() {
    return selection().norms();
  }

  /** Whether the values that a round's clients have trained become the network's. */
  public interface Judge {
    /** Both have the masks of the model before. */
    boolean adopts(Committed before, TrainingState merged);
  }

  /** As the other one, and adopts all. */
  public RoundMerge merge(Iterable<Contribution> contributions) {
    return merge(contributions, (before, merged) -> true);
  }

  /**
   * Merges one or more results of the next work, in client order; arrays may be changed. Takes one
   * after another, and with a mean holds none of their changes; reads all twice where the recipe
   * bounds them by the round's medians.
   */
  public RoundMerge merge(Iterable<Contribution> contributions, Judge judge) {
    RoundWork work = next().orElseThrow();
    if (work.kind().trains()) {
      return train(work, contributions, judge);
    }
    List<Contribution> all = new ArrayList<>();
    contributions.forEach(all::add);
    requireSome(all, work);
    all.replaceAll(bounds.of(all)::applied);
    if (work.kind() == Kind.MEASURE_NORMS) {
      selection().mergeNorms(all);
      return RoundMerge.measured(all);
    }
    RoundMerge.Choice choice = selection().choice(all);
    return RoundMerge.chosen(all, choice, choose(choice.candidate()));
  }

  private static void requireSome(List<Contribution> contributions, RoundWork work) {
    if (contributions.isEmpty()) {
      throw new IllegalArgumentException("a round needs one result at least: round=" + work.key());
    }
  }

  private RoundMerge train(RoundWork work, Iterable<Contribution> contributions, Judge judge) {
    int completed = work.completed() + 1;
    UpdateBounds.Limits limits = bounds.of(contributions);
    ResultMerger.Merge merge = merging.begin(model.state());
    List<Contribution> rest = new ArrayList<>();
    for (Contribution each : contributions) {
      Contribution bounded = limits.applied(each);
      merge.add(bounded);
      rest.add(bounded.withoutChanges());
    }
    requireSome(rest, work);
    TrainingState merged = merge.merged();
    boolean adopted = judge.adopts(model, merged);
    TrainingState next = adopted ? merged : model.state();
    MaskState masks = model.masks();
    model = new Committed(completed, next, masks, false, run);
    Optional<MaskUpdate> update =
        rule.after(completed, masks.masks(), next.prunableWeights(), adopted ? rest : List.of());
    update.ifPresent(change -> prune(change, completed));
    return RoundMerge.training(rest, update, adopted);
  }

  private MaskUpdate choose(int candidate) {
    MaskSet masks = selection().candidates().get(candidate);
    MaskUpdate update = MaskUpdate.between(model.masks().masks(), masks);
    selection().useNorms(candidate, model.state());
    prune(update, 0);
    return update;
  }

  private void prune(MaskUpdate update, int completed) {
    MaskState next = run.masks(update.next(), completed);
    TrainingState state = model.state();
    StateCodec codec = new StateCodec(run.stateLayout());
    codec.clearDead(state, next.livingAt(completed));
    codec.restart(state, update.restarted());
    model = new Committed(completed, state, next, false, run);
  }

  private CandidateSelection selection() {
    return selection.orElseThrow(
        () -> new IllegalStateException("only an undecided course has candidates"));
  }
}
