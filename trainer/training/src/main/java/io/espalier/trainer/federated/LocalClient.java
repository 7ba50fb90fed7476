package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.TopGradients;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does a round's work on a client's examples, deterministically. Confined to the replica's thread.
 */
public final class LocalClient {
  /** The loss of a candidate under which the network overflows. */
  private static final double WORST_LOSS = 1e30;

  private final PreparedFederation federation;
  private final LocalReplica replica;
  private final ClientExamples examples;
  private final EpochBatches batches;

  public LocalClient(
      PreparedFederation federation, LocalReplica replica, ClientExamples examples, int owner) {
    this.federation = federation;
    this.replica = replica;
    this.examples = examples;
    this.batches = new EpochBatches(federation.run(), examples.training(), owner);
  }

  public long stepsPerRound() {
    return (long) federation.rounds().client().localEpochs() * batches.perEpoch();
  }

  public ClientResult work(RoundWork work, ClientMaterials materials) {
    return switch (work.kind()) {
      case MEASURE_NORMS -> norms(work, materials);
      case MEASURE_LOSSES -> losses(work, materials);
      case TRAIN, TRAIN_AND_PROPOSE -> train(work, materials);
    };
  }

  /** All clients of a round compute alike. */
  private Execution execution(RoundWork work) {
    return federation.run().execution(work.completed());
  }

  private ClientResult norms(RoundWork work, ClientMaterials materials) {
    NormEntries entries = new NormEntries(federation.run().stateLayout());
    List<List<float[]>> norms = new ArrayList<>();
    for (MaskSet candidate : materials.candidates()) {
      replica.load(materials.values(), candidate, execution(work));
      replica.gatherNorms(batches);
      norms.add(entries.read(replica.state()));
    }
    return new ClientResult.NormsMeasured(examples.trainingCount(), norms);
  }

  private ClientResult losses(RoundWork work, ClientMaterials materials) {
    NormEntries entries = new NormEntries(federation.run().stateLayout());
    List<Double> losses = new ArrayList<>();
    for (int candidate = 0; candidate < materials.candidates().size(); candidate++) {
      replica.load(materials.values(), materials.candidates().get(candidate), execution(work));
      entries.write(materials.norms().get(candidate), replica.state());
      EvaluationPart part =
          replica.evaluate(federation.run().dataset().train(), examples.judging());
      losses.add(part.loss() <= WORST_LOSS ? part.loss() : WORST_LOSS);
    }
    return new ClientResult.LossesMeasured(examples.trainingCount(), losses);
  }

  private ClientResult train(RoundWork work, ClientMaterials materials) {
    RoundsConfig rounds = federation.rounds();
    replica.load(materials.values(), materials.masks(), execution(work));
    long firstEpoch = (long) work.completed() * rounds.client().localEpochs();
    LocalReplica.Trained trained =
        replica.train(
            batches,
            new LocalReplica.Course(
                firstEpoch,
                rounds.client().localEpochs(),
                work.rate(),
                rounds.client().proximal()));
    List<GradientProposal> proposals = propose(work, materials.masks(), firstEpoch);
    return new ClientResult.Trained(
        examples.trainingCount(), trained.steps(), trained.loss(), changes(materials), proposals);
  }

  private List<GradientProposal> propose(RoundWork work, MaskSet masks, long firstEpoch) {
    if (work.proposals().isEmpty()) {
      return List.of();
    }
    List<TopGradients> tops =
        work.proposals().stream().map(each -> new TopGradients(each.count())).toList();
    List<Integer> parameters = work.proposals().stream().map(ProposalCount::parameter).toList();
    replica.gradients(
        batches,
        firstEpoch + federation.rounds().client().localEpochs(),
        parameters,
        (parameter, from, gradients) ->
            tops.get(parameters.indexOf(parameter))
                .offer(from, gradients, masks.masks().get(parameter)));
    return tops.stream().map(TopGradients::proposal).toList();
  }

  private List<float[]> changes(ClientMaterials materials) {
    PreparedRun run = federation.run();
    StateAccess trained = replica.state();
    List<float[]> changes = new ArrayList<>();
    for (int i = 0; i < run.stateLayout().entries().size(); i++) {
      StateLayout.Entry entry = run.stateLayout().entries().get(i);
      float[] change = new float[entry.size()];
      trained.read(i, 0, 0, FloatBuffer.wrap(change));
      FloatBuffer before = materials.values().array(i, 0);
      Optional<Mask> holds = entry.mask().map(index -> materials.masks().masks().get(index));
      for (int unit = 0; unit < change.length; unit++) {
        boolean held = holds.isEmpty() || holds.get().isKept(unit);
        change[unit] = held ? change[unit] - before.get(unit) : 0;
      }
      changes.add(change);
    }
    return changes;
  }

  /** The inputs of a client's work; candidates and norms only where these are measured. */
  public record ClientMaterials(
      StateAccess values, MaskSet masks, List<MaskSet> candidates, List<List<float[]>> norms) {
    public ClientMaterials {
      candidates = List.copyOf(candidates);
      norms = List.copyOf(norms);
    }

    public static ClientMaterials toTrain(StateAccess values, MaskSet masks) {
      return new ClientMaterials(values, masks, List.of(), List.of());
    }
  }
}
