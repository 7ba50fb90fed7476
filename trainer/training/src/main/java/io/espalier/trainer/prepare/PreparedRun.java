package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.channel.ChannelMasks;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.observer.ObservedLayer;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.StreamState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A recipe and everything derived from it; refuses invalid recipes before any write.
 *
 * @param laidOut the current layout, whole until channels are cut
 * @param channels of the whole network, where the recipe prunes channels
 * @param latencies that the budget for channels is counted by, where it is latency
 */
public record PreparedRun(
    RunConfig config,
    RunExamples examples,
    StepPlan steps,
    NetworkLayout laidOut,
    Optional<NetworkGroups> channels,
    Optional<LatencyTable> latencies) {
  /**
   * Holds what a run learns from.
   *
   * @param stream whose {@code dataset} is only a declaration; empty until {@link #reading}
   */
  public record RunExamples(Dataset dataset, Splits splits, Optional<ExampleStream> stream) {}

  /**
   * When a run does what.
   *
   * @param sparseFrom sync from which on steps are computed in plain Java; empty if never
   */
  public record StepPlan(Plan plan, LearningRate learningRate, Optional<Long> sparseFrom) {}

  /** Prepares a run that starts; refuses it if its weights cannot be read. */
  public static PreparedRun of(RunConfig config, DataHome home) {
    return Preparation.of(config, home);
  }

  /** Prepares to resume from a checkpoint: initial weights may be missing. */
  public static PreparedRun toResume(RunConfig config, DataHome home) {
    return Preparation.toResume(config, home);
  }

  /**
   * Prepares a run of a network that is at hand, whatever the recipe's architecture; its values are
   * those of {@code config.model()}.
   */
  public static PreparedRun ofNetwork(
      RunConfig config, Dataset dataset, Network network, DataHome home) {
    return Preparation.ofNetwork(config, dataset, network, home);
  }

  /** Prepares a federation or a client; each round is a step, an epoch and a sync of its plan. */
  public static PreparedRun ofRounds(RunConfig config, int rounds, Dataset dataset) {
    return Preparation.ofRounds(config, rounds, dataset);
  }

  /**
   * Prepares to measure statistics of a network as it is, whatever the recipe's would be; nothing
   * is planned.
   */
  public static PreparedRun toMeasure(RunConfig config, Network network, Dataset dataset) {
    return Preparation.toMeasure(config, network, dataset);
  }

  public PreparedRun reading(ExampleStream source) {
    return with(new RunExamples(dataset(), splits(), Optional.of(source)));
  }

  /** Returns this run with another step from which on it is computed in plain Java. */
  public PreparedRun sparseFrom(long step) {
    return new PreparedRun(
        config,
        examples,
        new StepPlan(plan(), learningRate(), Optional.of(step)),
        laidOut,
        channels,
        latencies);
  }

  /** Returns what computes from the sync at {@code step} on. */
  public Execution execution(long step) {
    return sparseFrom().filter(from -> step >= from).isPresent()
        ? Execution.JAVA
        : Execution.ENGINE;
  }

  /**
   * Returns what the bits of the rest of the run depend on, from the sync at {@code step} on;
   * {@link EngineCapability#NONE} if the engine takes no part in it.
   */
  public String capability(long step) {
    boolean inJava = execution(step) == Execution.JAVA;
    return inJava && EngineUse.of(config, plan(), step).isEmpty()
        ? EngineCapability.NONE
        : EngineCapability.current();
  }

  /**
   * Requires that the class path has what computes the run from the sync at {@code step} on.
   *
   * @throws InvalidConfigException if it lacks that
   */
  public void requireBackEnds(long step) {
    EngineUse.require(this, step);
  }

  /** Returns the revision of the arithmetic that plain Java computes this network with. */
  public int arithmetic() {
    return BackEnds.arithmetic(Execution.JAVA, network());
  }

  private PreparedRun with(NetworkLayout other) {
    return new PreparedRun(config, examples, steps, other, channels, latencies);
  }

  private PreparedRun with(RunExamples other) {
    return new PreparedRun(config, other, steps, laidOut, channels, latencies);
  }

  public Dataset dataset() {
    return examples.dataset();
  }

  public Splits splits() {
    return examples.splits();
  }

  public Optional<ExampleStream> stream() {
    return examples.stream();
  }

  public Plan plan() {
    return steps.plan();
  }

  public LearningRate learningRate() {
    return steps.learningRate();
  }

  public Optional<Long> sparseFrom() {
    return steps.sparseFrom();
  }

  public Network network() {
    return laidOut.network();
  }

  public Layout layout() {
    return laidOut.layout();
  }

  public List<ParameterShape> prunable() {
    return laidOut.prunable();
  }

  public List<ParameterId> prunableIds() {
    return laidOut.prunableIds();
  }

  public StateLayout stateLayout() {
    return laidOut.state();
  }

  public Network wholeNetwork() {
    return channels.map(NetworkGroups::network).orElse(network());
  }

  public boolean streams() {
    return config.data().source() instanceof KafkaConfig;
  }

  /** The layers of the prunable parameters, in order, as the network is laid out. */
  public List<ObservedLayer> observedLayers() {
    Scope scope =
        config.prune().granularity() instanceof GranularityConfig.Channel channel
                && channel.scope().ofLayers()
            ? channel.scope()
            : Scope.BLOCKS;
    return ObservedLayer.of(network(), prunableIds(), ResidualUnit.of(network(), scope));
  }

  public OptionalInt streamPartitions() {
    return stream().stream().mapToInt(source -> source.start().offsets().size()).findAny();
  }

  /** Bytes of the stream state in a transfer; 0 without a stream. */
  public int streamStateBytes() {
    return streamPartitions().stream().map(StreamState::bytes).sum();
  }

  public PreparedRun ofValues() {
    return with(laidOut.ofValues());
  }

  /** Returns this run with other training examples of the same data set. */
  public PreparedRun withTraining(Examples train) {
    Dataset dataset = dataset();
    Dataset other =
        new Dataset(
            dataset.name(),
            train,
            dataset.test(),
            dataset.format(),
            dataset.digest(),
            dataset.metric());
    return with(new RunExamples(other, splits(), stream()));
  }

  /** Returns this run with only these channels of each group; data and plan stay. */
  public PreparedRun cut(List<Mask> kept) {
    CutNetwork cut = channels.orElseThrow().cut(kept);
    return cut.layout().equals(layout()) ? this : cut(cut);
  }

  public PreparedRun cut(CutNetwork cut) {
    return with(laidOut.cut(cut));
  }

  /** New instances of the recipe's step rules. */
  public List<StepRule> stepRules() {
    return Preparation.stepRules(config, network(), plan());
  }

  public Temperature temperature() {
    return maskKind().temperature(plan().annealingSteps());
  }

  /** Parameters that are not trained though networks train them. */
  public Set<ParameterId> frozen() {
    return laidOut.frozen();
  }

  public MaskKind maskKind() {
    return laidOut.kind();
  }

  public MaskState denseMasks() {
    return channels.isPresent()
        ? masks(ChannelState.dense(channels.get().groups()), MaskVersion.DENSE, 0)
        : masks(MaskSet.dense(layout(), prunableIds()), 0);
  }

  public MaskState masks(MaskSet masks, long updatedAt) {
    return MaskState.of(maskKind(), plan(), masks, updatedAt, noneAnneal());
  }

  public MaskState masks(byte[] masks, byte[] annealing, long updatedAt) {
    return MaskState.of(
        maskKind(),
        plan(),
        MaskCodec.decodeFull(masks, layout(), prunableIds()),
        updatedAt,
        annealing,
        noneAnneal());
  }

  /** None yet; the weights of a unit will anneal together. */
  private AnnealingState noneAnneal() {
    AnnealingState none = AnnealingState.none(temperature());
    return plan().annealingSteps() > 0
            && config.prune().granularity() instanceof GranularityConfig.Units units
        ? none.by(UnitFamily.of(units, prunable()))
        : none;
  }

  /** Masks of weights that follow from channels, last updated at step {@code updatedAt}. */
  public MaskState masks(ChannelState state, MaskVersion version, long updatedAt) {
    return MaskState.ofChannels(
        maskKind(),
        plan(),
        new ChannelMasks(channels.orElseThrow().groups(), layout(), prunableIds()),
        state,
        version,
        updatedAt,
        temperature());
  }

  public NetworkGroups groups() {
    return channels.orElseGet(() -> Preparation.groups(config, network()));
  }
}
