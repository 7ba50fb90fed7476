package io.espalier.training;

import io.espalier.configs.TrainConfig;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** All trainers of a run, in trainer order. Confined to the coordinator. */
final class TrainerSlots {
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  private final List<TrainerSlot> slots;
  private long checkedNs;
  private boolean stalled;

  TrainerSlots(int count, long nowNs) {
    slots = IntStream.range(0, count).mapToObj(k -> new TrainerSlot(k, nowNs)).toList();
    checkedNs = nowNs;
  }

  List<TrainerSlot> all() {
    return slots;
  }

  TrainerSlot get(int trainer) {
    return slots.get(trainer);
  }

  boolean allSentState() {
    return slots.stream().allMatch(slot -> slot.state().isPresent());
  }

  boolean allAnswered() {
    return slots.stream().allMatch(slot -> slot.answer().isPresent());
  }

  List<ByteBuffer> states() {
    return slots.stream().map(slot -> slot.state().orElseThrow()).toList();
  }

  List<EvaluationPart> evaluations() {
    return AppliedCommit.merge(slots.stream().map(slot -> slot.answer().orElseThrow()).toList());
  }

  TrainerSlot slowest() {
    return slots.stream().max(Comparator.comparingLong(TrainerSlot::arrivedNs)).orElseThrow();
  }

  /** Seconds that the fastest trainer waited for the slowest. */
  double waitSeconds() {
    long fastest = slots.stream().mapToLong(TrainerSlot::arrivedNs).min().orElse(0);
    return (slowest().arrivedNs() - fastest) / 1e9;
  }

  /**
   * Reports a trainer without progress, and the return of all; called periodically.
   *
   * @return why the attempt must end, if one of {@code working} is silent for too long
   */
  Optional<String> checkProgress(
      Predicate<TrainerSlot> working, TrainConfig config, long step, RunListener events) {
    long nowNs = System.nanoTime();
    resetAfterPause(nowNs);
    reportSilence(working, config.recovery().patience(), nowNs, step, events);
    Duration limit = config.recovery().progressTimeout();
    return findSilent(working, limit, nowNs)
        .map(
            slot ->
                "each trainer must make progress within train.progress-timeout: trainer=%d, progress-timeout=%ds"
                    .formatted(slot.trainer(), limit.toSeconds()));
  }

  /** After a suspension of the whole process, all trainers get their time anew. */
  void resetAfterPause(long nowNs) {
    boolean suspended = nowNs - checkedNs > LONGEST_TICK.toNanos();
    checkedNs = nowNs;
    if (suspended) {
      slots.forEach(slot -> slot.progressed(nowNs));
    }
  }

  void reportSilence(
      Predicate<TrainerSlot> working,
      Duration patience,
      long nowNs,
      long step,
      RunListener events) {
    Optional<TrainerSlot> silent = findSilent(working, patience, nowNs);
    if (silent.isPresent() && !stalled) {
      events.stalled(step, silent.get().trainer(), patience);
    } else if (silent.isEmpty() && stalled) {
      events.progressed(step);
    }
    stalled = silent.isPresent();
  }

  Optional<TrainerSlot> findSilent(Predicate<TrainerSlot> working, Duration limit, long nowNs) {
    return slots.stream()
        .filter(working)
        .filter(slot -> nowNs - slot.progressNs() > limit.toNanos())
        .findFirst();
  }
}
