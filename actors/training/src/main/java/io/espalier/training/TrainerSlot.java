package io.espalier.training;

import akka.actor.typed.ActorRef;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.TransferId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** State of one trainer. Confined to the coordinator. */
final class TrainerSlot {
  private final int trainer;
  private Optional<ActorRef<TrainerActor.Command>> actor = Optional.empty();
  private Optional<Lane> lane = Optional.empty();
  private int incarnation;
  private long sentTransfers;
  private Optional<AppliedCommit> answer = Optional.empty();
  private Optional<ByteBuffer> state = Optional.empty();
  private Optional<IntervalMetrics> metrics = Optional.empty();
  private final Queue<String> preparing = new ArrayDeque<>();
  private long arrivedNs;
  private long progressNs;

  TrainerSlot(int trainer, long nowNs) {
    this.trainer = trainer;
    this.progressNs = nowNs;
  }

  int trainer() {
    return trainer;
  }

  int incarnation() {
    return incarnation;
  }

  boolean isJoined() {
    return actor.isPresent();
  }

  ActorRef<TrainerActor.Command> actor() {
    return actor.orElseThrow();
  }

  /** Starts a new incarnation; states of this interval from the last one are void. */
  void join(int newIncarnation, ActorRef<TrainerActor.Command> newActor, Lane newLane, long nowNs) {
    leave();
    actor = Optional.of(newActor);
    lane = Optional.of(newLane);
    incarnation = newIncarnation;
    sentTransfers = 0;
    state = Optional.empty();
    metrics = Optional.empty();
    preparing.clear();
    progressNs = nowNs;
  }

  void leave() {
    lane.ifPresent(Lane::close);
    lane = Optional.empty();
  }

  Lane lane() {
    return lane.orElseThrow();
  }

  TransferId nextTransfer(long term) {
    return new TransferId(
        term, trainer, incarnation, TransferId.Direction.TO_TRAINER, ++sentTransfers);
  }

  /** The next answer is to a preparation, a commit for this trainer alone, of this digest. */
  void expectPreparation(String digest) {
    preparing.add(digest);
  }

  /** The digest of the preparation that is answered next; empty if the answer is to the commit. */
  Optional<String> takePreparation() {
    return Optional.ofNullable(preparing.poll());
  }

  Optional<AppliedCommit> answer() {
    return answer;
  }

  void answer(AppliedCommit applied) {
    answer = Optional.of(applied);
  }

  /** Starts the answers to a sync, which has taken in the states. */
  void expectAnswer() {
    answer = Optional.empty();
    state.ifPresent(lane()::release);
    state = Optional.empty();
    metrics = Optional.empty();
  }

  Optional<ByteBuffer> state() {
    return state;
  }

  Optional<IntervalMetrics> metrics() {
    return metrics;
  }

  void arrived(IntervalMetrics interval, long nowNs) {
    metrics = Optional.of(interval);
    arrivedNs = nowNs;
    progressNs = nowNs;
  }

  void state(ByteBuffer packed) {
    state = Optional.of(packed);
  }

  long arrivedNs() {
    return arrivedNs;
  }

  long progressNs() {
    return progressNs;
  }

  void progressed(long nowNs) {
    progressNs = nowNs;
  }
}
