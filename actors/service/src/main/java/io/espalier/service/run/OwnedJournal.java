package io.espalier.service.run;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * An entity whose events one node writes at a time. A write that fails restarts it from the journal
 * until that is available again. Events of another writer after a write of its own mean that
 * another node owns it now; without one this node is the new owner, and the earlier one wrote once
 * more.
 *
 * @param <C> its commands
 * @param <E> its events
 * @param <S> its state
 */
abstract class OwnedJournal<C, E, S> extends EventSourcedBehavior<C, E, S> {
  private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(200);

  private final ActorContext<C> context;
  private final String id;
  private final String writer;
  private final NodeMeters meters;
  private long known;
  private boolean wrote;
  private boolean lost;

  /**
   * @param writer incarnation of the node; never reused
   * @param longestBackOff between two attempts to reach the journal
   */
  OwnedJournal(
      ActorContext<C> context,
      PersistenceId id,
      String writer,
      NodeMeters meters,
      Duration longestBackOff) {
    super(id, SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, longestBackOff, 0.2));
    this.context = context;
    this.id = id.id();
    this.writer = writer;
    this.meters = meters;
  }

  static <C> Behavior<C> supervised(
      Duration longestBackOff, BiFunction<ActorContext<C>, TimerScheduler<C>, Behavior<C>> entity) {
    return Behaviors.supervise(
            Behaviors.<C>setup(
                context -> Behaviors.withTimers(timers -> entity.apply(context, timers))))
        .onFailure(SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, longestBackOff, 0.2));
  }

  /**
   * The entity was read from the journal.
   *
   * @param latest writer of its latest event
   * @param lostBefore whether this node knew before that another one owns it
   */
  final void recovered(String latest, boolean lostBefore) {
    meters.recovered(id);
    long sequence = lastSequenceNumber(context);
    lost = !latest.equals(writer) && (lostBefore || (wrote && sequence > known));
    known = sequence;
  }

  /** Whether another node owns the entity. */
  final boolean isLost() {
    return lost;
  }

  final Effect<E, S> persist(List<E> events, Consumer<S> then) {
    meters.writing(id);
    return Effect()
        .persist(events)
        .thenRun(
            (S after) -> {
              meters.written(id);
              wrote = true;
              known = lastSequenceNumber(context);
              then.accept(after);
            });
  }
}
