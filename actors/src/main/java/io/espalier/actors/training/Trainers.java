package io.espalier.actors.training;

import io.espalier.trainer.commit.Applied;
import io.espalier.trainer.commit.EvaluationPart;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** All trainers of a run, in trainer order. Confined to the coordinator. */
final class Trainers {
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  private final List<TrainerSlot> slots;
  private long checkedNs;

  Trainers(int count, long nowNs) {
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
    return Applied.merge(slots.stream().map(slot -> slot.answer().orElseThrow()).toList());
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
   * The first of the {@code working} trainers that made no progress for {@code limit}. If nobody
   * looked for long, the whole process was paused, and all are given their time anew.
   */
  Optional<TrainerSlot> findHung(Predicate<TrainerSlot> working, Duration limit, long nowNs) {
    boolean paused = nowNs - checkedNs > LONGEST_TICK.toNanos();
    checkedNs = nowNs;
    if (paused) {
      slots.forEach(slot -> slot.progressed(nowNs));
    }
    return slots.stream()
        .filter(working)
        .filter(slot -> nowNs - slot.progressNs() > limit.toNanos())
        .findFirst();
  }
}
