package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.espalier.service.RefusedRequestException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes runs on request and by their retention: the run's entity agrees, the scheduler forgets
 * the run, then its files and rows are removed. Belongs to the scheduler.
 */
final class RunDeletions {
  private static final Logger LOG = LoggerFactory.getLogger(RunDeletions.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(3);

  private final ActorContext<Scheduler.Command> context;
  private final SchedulerSettings settings;
  private final NodeRegistry nodes;
  private final Map<String, List<ActorRef<SchedulerReply>>> underWay = new HashMap<>();

  /** The reply is empty after a timeout. */
  record EntityAnswered(String run, Optional<RunReply> reply) implements Scheduler.Command {}

  record Cleaned(String run, Optional<String> failure) implements Scheduler.Command {}

  RunDeletions(
      ActorContext<Scheduler.Command> context, SchedulerSettings settings, NodeRegistry nodes) {
    this.context = context;
    this.settings = settings;
    this.nodes = nodes;
  }

  void delete(SchedulerState state, Scheduler.Delete delete) {
    if (nodes.isEmpty()) {
      delete.replyTo().tell(SchedulerReply.Refused.noNode());
      return;
    }
    String run = delete.run();
    boolean forgetting = state.forgetting().contains(run);
    if (state.find(run).isEmpty() && !forgetting) {
      delete.replyTo().tell(SchedulerReply.Refused.noSuchRun(run));
      return;
    }
    boolean first = !underWay.containsKey(run);
    underWay.computeIfAbsent(run, id -> new ArrayList<>()).add(delete.replyTo());
    if (first && forgetting) {
      clean(run);
    } else if (first) {
      askEntity(run);
    }
  }

  /**
   * Deletes surplus runs; returns the time until the next check, if a retention ends by time alone.
   * The first node that comes asks for a check.
   */
  Optional<Duration> deleteSurplus(SchedulerState state) {
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    List<ScheduledRun> all = List.copyOf(state.oldestFirst());
    Instant now = settings.clock().instant();
    settings.retention().surplus(all, now).stream()
        .filter(run -> !underWay.containsKey(run))
        .forEach(
            run -> {
              underWay.put(run, new ArrayList<>());
              askEntity(run);
            });
    return settings
        .retention()
        .next(all)
        .map(
            next -> {
              Duration wait = Duration.between(now, next);
              return wait.compareTo(LONGEST_WAIT) > 0
                  ? LONGEST_WAIT
                  : wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
            });
  }

  private void askEntity(String run) {
    context.ask(
        RunReply.class,
        settings.entities().apply(run),
        ANSWER_LIMIT,
        replyTo -> new RunEntity.Request(RunAction.DELETE, replyTo),
        (answer, failure) -> new EntityAnswered(run, Optional.ofNullable(answer)));
  }

  /** The event to persist, after which {@link #clean} follows; empty where the run stays. */
  Optional<SchedulerEvent> answered(SchedulerState state, EntityAnswered message) {
    String run = message.run();
    if (message.reply().isEmpty()) {
      reply(
          run,
          new SchedulerReply.Refused(
              Reason.UNAVAILABLE, "the run did not answer: run=" + run + "; try again"));
      return Optional.empty();
    }
    if (message.reply().get() instanceof RunReply.Refused refused
        && refused.reason() != Reason.NO_SUCH_RUN) {
      reply(run, new SchedulerReply.Refused(refused.reason(), refused.message()));
      return Optional.empty();
    }
    return state.find(run).map(entry -> new SchedulerEvent.Forgetting(run));
  }

  void clean(String run) {
    underWay.computeIfAbsent(run, id -> new ArrayList<>());
    context.pipeToSelf(
        settings.cleaner().apply(run),
        (done, failure) -> new Cleaned(run, Optional.ofNullable(failure).map(Throwable::toString)));
  }

  /** The event to persist, after which {@link #done} follows; empty where files are left. */
  Optional<SchedulerEvent> cleaned(Cleaned message) {
    String run = message.run();
    if (message.failure().isEmpty()) {
      return Optional.of(new SchedulerEvent.Forgotten(run));
    }
    String cause = message.failure().get();
    LOG.warn("a deleted run must leave nothing: run={}, cause={}", run, cause);
    reply(
        run,
        new SchedulerReply.Refused(
            Reason.UNAVAILABLE,
            "files of the run are left: run=%s, cause=%s; delete it again, or start the service anew"
                .formatted(run, cause)));
    return Optional.empty();
  }

  void done(String run) {
    reply(run, new SchedulerReply.Gone());
  }

  private void reply(String run, SchedulerReply reply) {
    Optional.ofNullable(underWay.remove(run))
        .ifPresent(waiting -> waiting.forEach(one -> one.tell(reply)));
  }
}
