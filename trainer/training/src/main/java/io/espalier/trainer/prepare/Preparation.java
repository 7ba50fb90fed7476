package io.espalier.trainer.prepare;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.schedule.ScheduleClock;
import io.espalier.masks.score.Scores;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.data.ClassCoverage;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.state.StateSlots;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.step.StepRuleContext;
import io.espalier.trainer.step.StepRules;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.stream.DeclaredData;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From a recipe to a {@link PreparedRun}: data, network, plan, and every refusal. */
final class Preparation {
  private Preparation() {}

  static PreparedRun of(RunConfig config, DataHome home) {
    PreparedRun run = toResume(config, home);
    InitialValues.verify(config, run.network(), home.listener()::noticed);
    return run;
  }

  static PreparedRun toResume(RunConfig config, DataHome home) {
    requireNoFederation(config);
    RunExecution.require(config);
    PreparedRun run = toTrain(config, home);
    RunExecution.require(run);
    return run;
  }

  private static PreparedRun toTrain(RunConfig config, DataHome home) {
    EngineCapability.use(config.train().compute().engine());
    noticeSlowness(config, home);
    if (config.data().source() instanceof KafkaConfig kafka) {
      return ofStream(config, kafka, home);
    }
    if (config.train().compute().execution() != ExecutionConfig.ENGINE) {
      BackEnds.warmUp(Execution.JAVA, config.train());
    }
    Dataset dataset = Datasets.load(config.data(), config.seed(), home);
    Splits splits =
        Splits.of(
            dataset.train().count(),
            config.data().validation(),
            config.train().trainers(),
            config.seed());
    requireValidation(config, dataset, splits);
    ClassCoverage.ofValidation(dataset, splits).forEach(home.listener()::noticed);
    return over(
        config,
        dataset,
        starting(config, dataset),
        splits,
        prunable -> Plan.of(config, splits.smallestShard(), prunable),
        Optional.of(home));
  }

  private static void noticeSlowness(RunConfig config, DataHome home) {
    boolean inJava =
        switch (config.train().compute().execution()) {
          case JAVA -> true;
          case AUTO -> BackEnds.problem(Execution.ENGINE).isPresent();
          case ENGINE -> false;
        };
    if (inJava) {
      BackEnds.slowness(Execution.JAVA).ifPresent(home.listener()::noticed);
    }
  }

  static PreparedRun ofNetwork(RunConfig config, Dataset dataset, Network network, DataHome home) {
    EngineCapability.use(config.train().compute().engine());
    Splits splits =
        Splits.of(
            dataset.train().count(),
            config.data().validation(),
            config.train().trainers(),
            config.seed());
    PreparedRun run =
        over(
            config,
            dataset,
            network,
            splits,
            prunable -> Plan.of(config, splits.smallestShard(), prunable),
            Optional.of(home));
    InitialValues.verify(config, network, home.listener()::noticed);
    return run;
  }

  static PreparedRun ofRounds(RunConfig config, int rounds, Dataset dataset) {
    EngineCapability.use(config.train().compute().engine());
    RunConfig clock = config.countingRounds(rounds);
    Splits splits = Splits.of(dataset.train().count(), 0, 1, config.seed());
    return over(
        config,
        dataset,
        starting(config, dataset),
        splits,
        prunable -> Plan.of(clock, clock.stepExamples(), prunable),
        Optional.empty());
  }

  private static Network starting(RunConfig config, Dataset dataset) {
    return StartingNetwork.of(config.model().architecture(), dataset);
  }

  static PreparedRun toMeasure(RunConfig config, Network network, Dataset dataset) {
    return over(
        config,
        dataset,
        network,
        Splits.of(dataset.train().count(), 0, 1, config.seed()),
        prunable -> Plan.of(config, config.stepExamples(), prunable),
        Optional.empty());
  }

  private static PreparedRun over(
      RunConfig config,
      Dataset dataset,
      Network network,
      Splits splits,
      Function<List<ParameterShape>, Plan> planner,
      Optional<DataHome> home) {
    TextNetworks.requireFit(config, network, dataset);
    SparseForms.require(config, network);
    MemoryNeed.of(config, network).requireRoom();
    Exclusions exclusions = Exclusions.of(config, network.parameters());
    List<ParameterShape> prunable = exclusions.prunable(config);
    Plan plan = planner.apply(prunable);
    LearningRate learningRate =
        LearningRate.of(
            config.train().step().learningRate(), plan.totalSteps(), plan.stepsPerEpoch());
    MaskKind kind = requireMethods(config, network, dataset, plan);
    WeightBudget.requirePossible(config, network, prunable);
    Optional<NetworkGroups> groups =
        config.prune().granularity() instanceof GranularityConfig.Channel channel
            ? Optional.of(
                NetworkGroups.of(
                    network,
                    new Pruning(
                        exclusions.excluded(),
                        channel.scope(),
                        config.prune().mask().traits().mayReturn())))
            : Optional.empty();
    groups.ifPresent(whole -> ChannelBudget.requireUnits(config, whole));
    groups.ifPresent(whole -> ChannelBudget.requireWindows(config, network));
    Optional<LatencyTable> latencies =
        groups.flatMap(whole -> ChannelBudget.latencies(config, whole, home));
    Optional<NetworkGroups> channels =
        groups.map(whole -> ChannelBudget.of(config, whole, latencies));
    channels.ifPresent(whole -> ChannelBudget.requireNorms(config, whole));
    channels.ifPresent(whole -> ChannelBudget.requirePossible(config, whole, plan));
    Set<ParameterId> frozen = frozen(config, network, kind, prunable);
    RefitReach.require(config, network, prunable, channels, frozen);
    return new PreparedRun(
        config,
        new PreparedRun.RunExamples(dataset, splits, Optional.empty()),
        new PreparedRun.StepPlan(
            plan,
            learningRate,
            config.train().compute().execution() == ExecutionConfig.JAVA
                ? Optional.of(0L)
                : Optional.empty()),
        NetworkLayout.whole(network, prunable, kind, frozen, StateSlots.of(config.train().step())),
        channels,
        latencies);
  }

  private static PreparedRun ofStream(RunConfig config, KafkaConfig kafka, DataHome home) {
    int trainers = config.train().trainers();
    long perTrainer = config.train().clock().samples().orElseThrow() / trainers;
    Dataset declared = DeclaredData.of(kafka);
    Datasets.requireImages(config.data().augmentation(), declared);
    PreparedRun run =
        over(
            config,
            declared,
            starting(config, declared),
            Splits.none(trainers),
            prunable -> Plan.of(config, perTrainer, prunable),
            Optional.of(home));
    StreamRequirements.verify(run, kafka);
    return run;
  }

  private static void requireNoFederation(RunConfig config) {
    if (config.federation().common().isPresent()) {
      throw InvalidConfigException.of(
          "federation",
          "must be none where trainers of one process share the data: federation=%s; run the recipe with espalier simulate, or with espalier federate for devices of their own"
              .formatted(config.federation().getClass().getSimpleName().toLowerCase(Locale.ROOT)));
    }
  }

  private static void requireValidation(RunConfig config, Dataset dataset, Splits splits) {
    double share = config.data().validation();
    if (share > 0 && splits.validation().length == 0) {
      throw InvalidConfigException.of(
          "data.validation",
          "must hold out one example at least, or be 0%%: validation=%s, examples=%d"
              .formatted(share, dataset.train().count()));
    }
  }

  /** Methods may refuse their settings, and files that they read, before the run starts. */
  private static MaskKind requireMethods(
      RunConfig config, Network network, Dataset dataset, Plan plan) {
    try (Objective objective =
        Objectives.of(config.train(), dataset.classes(), StoredTeacher.verifying(dataset))) {
      objective.check(network);
    }
    Objects.requireNonNull(stepRules(config, network, plan));
    Objects.requireNonNull(Scores.of(config.prune().ranking().score(), config.seed()));
    MaskKind kind = MaskKinds.of(config.prune().mask());
    Objects.requireNonNull(Allocations.of(config.prune().ranking().allocation()));
    return kind;
  }

  /** What the recipe freezes, and the weights of a kind that leaves them as they are. */
  private static Set<ParameterId> frozen(
      RunConfig config, Network network, MaskKind kind, List<ParameterShape> prunable) {
    Stream<ParameterId> byKind =
        kind.freezesWeights() ? prunable.stream().map(ParameterShape::id) : Stream.empty();
    return Stream.concat(FrozenParameters.of(config, network, trainsBeside(kind)).stream(), byKind)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean trainsBeside(MaskKind kind) {
    return kind.state().stream().anyMatch(each -> each.training().isPresent());
  }

  /** New instances of the recipe's step rules, for a network whose channels may have been cut. */
  static List<StepRule> stepRules(RunConfig config, Network network, Plan plan) {
    return StepRules.of(
        config.train().step().rules(),
        new StepRuleContext(
            new ScheduleClock(plan.finalSparsity(), plan.totalSteps(), plan.stepsPerEpoch()),
            network.parameters(),
            () -> groups(config, network).groups(),
            !(config.prune().granularity() instanceof GranularityConfig.Channel)));
  }

  static NetworkGroups groups(RunConfig config, Network network) {
    return NetworkGroups.of(network, Exclusions.of(config, network.parameters()).excluded());
  }
}
