package io.espalier.masks.schedule;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.ParentConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.combination.Combinations;
import io.espalier.masks.Counts;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.allocation.Allocations;
import io.espalier.masks.refit.Refits;
import io.espalier.masks.regrowth.Regrowths;
import io.espalier.masks.score.Scores;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Turns a recipe into a {@link Plan}, collecting every rule that it breaks. */
final class Planner {
  private final RunConfig config;
  private final PruneConfig prune;
  private final List<ParameterShape> parameters;
  private final long prunable;
  private final long smallestShard;
  private final long stepsPerEpoch;
  private final long totalSteps;
  private final List<Problem> problems = new ArrayList<>();

  /** Empty where channels are pruned. */
  private final Optional<Units> units;

  Planner(RunConfig config, long smallestShard, List<ParameterShape> parameters) {
    this.config = config;
    this.prune = config.prune();
    this.parameters = List.copyOf(parameters);
    this.units =
        prune.granularity() instanceof GranularityConfig.Units named
            ? Optional.of(UnitFamily.of(named, parameters))
            : Optional.empty();
    this.prunable = parameters.stream().mapToLong(ParameterShape::size).sum();
    this.smallestShard = smallestShard;
    this.stepsPerEpoch = smallestShard / config.stepExamples();
    this.totalSteps = config.train().clock().epochs() * stepsPerEpoch;
  }

  Plan plan() {
    requireSteps();
    TrainConfig train = config.train();
    SyncClock syncs =
        new SyncClock(
            interval("sync-every", train.clock().syncEvery()),
            totalSteps,
            config.parent().map(ParentConfig::step).orElse(0L));
    OptionalLong evaluateEvery =
        train.clock().evaluateEvery().stream()
            .mapToLong(span -> interval("evaluate-every", span))
            .findAny();
    long checkpointEvery = interval("checkpoint-every", train.clock().checkpointEvery());
    requireUnits();
    List<PlannedUpdate> updates = updates(syncs);
    long annealing = annealingSteps();
    requireTimeToAnneal(updates, annealing);
    requireDataBefore(updates);
    refuse();
    return new Plan(
        syncs,
        stepsPerEpoch,
        evaluateEvery,
        checkpointEvery,
        updates,
        annealing,
        prunable,
        prune.target().sparsity(),
        units.filter(Units::areWeights).isPresent()
            ? kept(prune.target().sparsity())
            : Counts.kept(prune.target().sparsity(), prunable));
  }

  private void requireSteps() {
    require(
        stepsPerEpoch >= 1,
        "data.batch-size",
        "be, times train.accumulate, at most the examples of the smallest shard",
        "batch-size=%d, accumulate=%d, examples=%d"
            .formatted(
                config.data().batchSize(), config.train().step().accumulate(), smallestShard));
    refuse();
  }

  /** A sparsity of 0 needs no update; the window is checked all the same. */
  private List<PlannedUpdate> updates(SyncClock syncs) {
    try {
      Schedule schedule =
          Schedules.of(prune.schedule(), prune.target().sparsity(), totalSteps, stepsPerEpoch);
      if (prune.target().sparsity() == 0) {
        return List.of();
      }
      Map<Long, Double> exchanges = exchanges(schedule.begin(), syncs);
      return LongStream.concat(
              schedule.updateSteps().map(syncs::atOrAfter),
              exchanges.keySet().stream().mapToLong(Long::longValue))
          .sorted()
          .distinct()
          .mapToObj(
              step ->
                  new PlannedUpdate(
                      step,
                      schedule.sparsityAt(step),
                      kept(schedule.sparsityAt(step)),
                      exchanges.getOrDefault(step, 0.0)))
          .toList();
    } catch (InvalidConfigException e) {
      problems.addAll(e.problems());
      return List.of();
    }
  }

  private long kept(double sparsity) {
    return units.map(each -> each.kept(sparsity)).orElseGet(() -> Counts.kept(sparsity, prunable));
  }

  /** Exchanged share of each parameter's kept units, by sync. */
  private Map<Long, Double> exchanges(long begin, SyncClock syncs) {
    Map<Long, Double> shares = new HashMap<>();
    Regrowths.of(prune, config.seed())
        .map(
            rule ->
                ExchangeSchedule.of(
                    prune.regrowth(), rule.shareFalls(), begin, totalSteps, stepsPerEpoch))
        .ifPresent(
            exchanges ->
                exchanges
                    .steps()
                    .map(syncs::atOrAfter)
                    .filter(step -> exchanges.shareAt(step) > 0)
                    .forEach(step -> shares.put(step, exchanges.shareAt(step))));
    return shares;
  }

  private void requireUnits() {
    require(
        prune.target().sparsity() == 0 || prunable > 0,
        "prune.exclude",
        "leave something to prune",
        "exclude=" + prune.target().exclude());
    if (units.isEmpty()) {
      return; // what channels keep depends on their groups, which ChannelUpdater knows
    }
    long floors = sum(units.get().floors(prune.target().minKeep()));
    long kept = units.get().kept(prune.target().sparsity());
    require(
        floors <= kept,
        "prune.min-keep",
        "not protect more units than the final sparsity keeps",
        "min-keep=%s, protected=%d, sparsity=%s, kept=%d"
            .formatted(prune.target().minKeep(), floors, prune.target().sparsity(), kept));
    requireAllocation(units.get(), floors, kept);
  }

  private void requireAllocation(Units all, long floors, long kept) {
    try {
      long more =
          sum(
              all.floors(
                  Allocations.of(prune.ranking().allocation()),
                  parameters,
                  prune.target().minKeep()));
      require(
          floors > kept || more <= kept,
          "prune.allocation",
          "not protect more units than the final sparsity keeps",
          "allocation=%s, protected=%d, sparsity=%s, kept=%d; prune less, or let it protect less"
              .formatted(prune.ranking().allocation(), more, prune.target().sparsity(), kept));
    } catch (InvalidConfigException e) {
      problems.addAll(e.problems());
    }
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }

  private long annealingSteps() {
    return prune
        .mask()
        .traits()
        .fading()
        .map(span -> span.resolve(totalSteps, stepsPerEpoch))
        .orElse(0L);
  }

  private void requireTimeToAnneal(List<PlannedUpdate> updates, long annealing) {
    if (updates.isEmpty() || annealing == 0) {
      return;
    }
    boolean streams = config.train().clock().samples().isPresent();
    long latest = totalSteps - (streams ? totalSteps / 20 : stepsPerEpoch);
    long last = updates.get(updates.size() - 1).step();
    require(
        annealing <= latest - last,
        "prune.mask.over",
        "let the last pruned units finish annealing %s before the end"
            .formatted(streams ? "5% of the run" : "one epoch"),
        "over=%d steps, last update=step %d, latest finish=step %d"
            .formatted(annealing, last, latest));
  }

  /** A stream has no examples before its first ones have arrived. */
  private void requireDataBefore(List<PlannedUpdate> updates) {
    boolean first = !updates.isEmpty() && updates.get(0).step() == 0;
    if (!first || config.train().clock().samples().isEmpty()) {
      return;
    }
    try {
      boolean scores =
          StatisticRequest.readings(Scores.of(prune.ranking().score(), config.seed()).requests())
              .data();
      boolean shares =
          StatisticRequest.readings(Allocations.of(prune.ranking().allocation()).requests()).data();
      boolean refits =
          Refits.of(prune)
              .filter(refit -> StatisticRequest.readings(refit.requests()).data())
              .isPresent();
      if (scores || shares || refits) {
        String looks =
            scores
                ? "prune.score = " + prune.ranking().score().name()
                : shares
                    ? "prune.allocation = " + prune.ranking().allocation().name()
                    : "prune.refit = " + prune.refit().name();
        String allowed =
            "one that prunes nothing at step 0 where %s looks at data".formatted(looks);
        problems.addAll(Combinations.DATA_BEFORE.refusal(prune.schedule(), allowed).problems());
      }
    } catch (InvalidConfigException e) {
      problems.addAll(e.problems());
    }
  }

  private long interval(String key, Span span) {
    long steps = span.resolve(totalSteps, stepsPerEpoch);
    require(
        steps >= 1,
        "train." + key,
        "be 1 step or more",
        "%s=%s, steps=%d".formatted(key, span, steps));
    return Math.max(1, steps);
  }

  private void require(boolean holds, String path, String rule, String values) {
    if (!holds) {
      problems.add(new Problem(Optional.empty(), path, "must " + rule + ": " + values));
    }
  }

  private void refuse() {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }
}
