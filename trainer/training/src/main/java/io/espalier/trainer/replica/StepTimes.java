package io.espalier.trainer.replica;

import io.espalier.configs.GranularityConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.Executors;
import io.espalier.trainer.network.Macs;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.stored.StoredTeacher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Seconds of a run's step on this machine.
 *
 * @param engine with all weights
 * @param overhead with kept weights only, of what does not depend on their number
 * @param perMac of each multiply-add of an example's forward pass with kept weights only
 * @param dense in plain Java with all weights; empty in files of versions that did not measure it
 */
public record StepTimes(double engine, double overhead, double perMac, Optional<Double> dense) {
  private static final double DENSER = 0.4;
  private static final double SPARSER = 0.05;
  private static final long ENOUGH_NS = 1_000_000_000L;
  private static final long MOST_NS = 5_000_000_000L;
  private static final int LEAST_ROUNDS = 4;
  private static final int MOST_ROUNDS = 2_000;

  /** Share of the engine's time below which dense steps in Java need no further measurement. */
  private static final double CLEARLY = 0.8;

  /** A contender, its multiply-adds and the seconds of its steps. */
  private record Timed(Executor executor, long macs, List<Double> seconds) {
    /** Steps become faster while Java compiles their loops. */
    private static final double STILL_FASTER = 0.9;

    /** Whether the later half of the steps is not much faster than the earlier. */
    boolean isSettled() {
      List<Double> earlier = seconds.subList(0, seconds.size() / 2);
      return fastest() >= STILL_FASTER * Collections.min(earlier);
    }

    /** Returns the time of the fastest of the later half of the steps. */
    double fastest() {
      return Collections.min(later());
    }

    private List<Double> later() {
      return seconds.subList(seconds.size() / 2, seconds.size());
    }

    /**
     * Returns the time of a step during which nothing else ran: only the fastest tenth of the later
     * half took less.
     */
    double undisturbed() {
      return later().stream().sorted().skip(later().size() / 10).findFirst().orElseThrow();
    }
  }

  /**
   * Measures for a second, or up to five where steps still become faster, or until dense steps in
   * Java are clearly faster than the engine's; executors take turns, so that disturbances meet all
   * alike.
   */
  static StepTimes measure(PreparedRun run) {
    List<StepRule> rules = run.stepRules();
    Batch batch = new EpochBatches(run, run.splits().shard(0), 0).load(0);
    try (Objective objective =
            Objectives.of(
                run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
        Executor engine =
            Executors.of(Execution.ENGINE).create(run, run.denseMasks(), context(objective));
        Executor dense = java(run, 1, objective);
        Executor denser = java(run, DENSER, objective);
        Executor sparser = java(run, SPARSER, objective)) {
      List<Timed> all =
          Stream.of(engine, dense, denser, sparser).map(each -> timed(run, each)).toList();
      long start = System.nanoTime();
      for (int round = 0; !isEnough(all, round, start); round++) {
        Executor.At at = new Executor.At(round, 0, 0);
        for (Timed each : all) {
          long before = System.nanoTime();
          double unused = each.executor().train(batch, at, rules).loss();
          each.seconds().add((System.nanoTime() - before) / 1e9);
        }
      }
      return fitted(all.get(0), all.get(1), all.get(2), all.get(3));
    }
  }

  private static boolean isEnough(List<Timed> all, int rounds, long startNs) {
    if (rounds < LEAST_ROUNDS) {
      return false;
    }
    boolean isClear = all.get(1).fastest() <= CLEARLY * all.get(0).fastest();
    if (isClear && rounds >= 2 * LEAST_ROUNDS) {
      return true;
    }
    long elapsed = System.nanoTime() - startNs;
    boolean areSettled = elapsed > ENOUGH_NS && all.stream().allMatch(Timed::isSettled);
    return areSettled || elapsed > MOST_NS || rounds >= MOST_ROUNDS;
  }

  private static StepTimes fitted(Timed engine, Timed dense, Timed denser, Timed sparser) {
    double perMac =
        Math.max(0, denser.undisturbed() - sparser.undisturbed())
            / Math.max(1, denser.macs() - sparser.macs());
    double overhead = Math.max(0, sparser.undisturbed() - perMac * sparser.macs());
    return new StepTimes(engine.undisturbed(), overhead, perMac, Optional.of(dense.undisturbed()));
  }

  private static Timed timed(PreparedRun run, Executor executor) {
    return new Timed(
        executor, Macs.of(run.network(), executor.masks().masks()).effective(), new ArrayList<>());
  }

  private static Executor java(PreparedRun run, double density, Objective objective) {
    return Executors.of(Execution.JAVA).create(run, masks(run, density), context(objective));
  }

  /** Keeps some of the units that the run prunes, drawn; of channels single weights. */
  static MaskState masks(PreparedRun run, double density) {
    SplittableRandom random = new SplittableRandom(1);
    IntPredicate drawn = unit -> random.nextDouble() < density;
    Optional<Units> units =
        run.config().prune().granularity() instanceof GranularityConfig.Units named
            ? Optional.of(UnitFamily.of(named, run.prunable()))
            : Optional.empty();
    List<Mask> masks = new ArrayList<>();
    for (int p = 0; p < run.prunable().size(); p++) {
      int parameter = p;
      int size = run.prunable().get(p).size();
      masks.add(
          units
              .map(of -> of.lower(parameter, Mask.of(of.counts().get(parameter), drawn)))
              .orElseGet(() -> Mask.of(size, drawn)));
    }
    return run.masks(MaskSet.of(new MaskVersion(1), run.layout(), run.prunableIds(), masks), 0);
  }

  private static ExecutorContext context(Objective objective) {
    return new ExecutorContext(0, objective, () -> {});
  }

  /**
   * In plain Java, with so many multiply-adds per example, of all weights or only kept ones, which
   * take no longer than all.
   */
  double java(long macs, boolean isDense) {
    double ofKept = overhead + perMac * macs;
    double ofAll = dense.orElse(ofKept);
    return isDense ? ofAll : Math.min(ofKept, ofAll);
  }
}
