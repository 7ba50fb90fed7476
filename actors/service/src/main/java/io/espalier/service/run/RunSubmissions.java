package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import io.espalier.service.FullQuota;
import io.espalier.service.RefusedRequestException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Accepts or refuses submissions; the reply to an accepted one waits until the run's entity has it.
 * Belongs to the scheduler.
 */
final class RunSubmissions {
  private final SchedulerSettings settings;
  private final NodeRegistry nodes;
  private final RunAllocations allocations;
  private final Map<String, List<Submitter>> submitters = new HashMap<>();

  private record Submitter(ActorRef<SchedulerReply> replyTo, boolean fresh) {}

  RunSubmissions(SchedulerSettings settings, NodeRegistry nodes, RunAllocations allocations) {
    this.settings = settings;
    this.nodes = nodes;
    this.allocations = allocations;
  }

  /** The event to persist; empty where the submission is refused or made an earlier run. */
  Optional<SchedulerEvent.Registered> submit(SchedulerState state, Scheduler.Submit submit) {
    Optional<ScheduledRun> known = submit.key().flatMap(state::ofKey);
    Optional<SchedulerReply> reply =
        known.isPresent() ? again(known.get(), submit) : refusal(state, submit);
    reply.ifPresent(submit.replyTo()::tell);
    return known.isPresent() || reply.isPresent()
        ? Optional.empty()
        : Optional.of(
            new SchedulerEvent.Registered(
                state.nextNumber(),
                state.nextId(submit.spec().name(), settings.clock().instant()),
                submit.spec(),
                submit.key(),
                submit.digest()));
  }

  /** The reply to a submission whose key is known; empty where it waits for the run's entity. */
  private Optional<SchedulerReply> again(ScheduledRun known, Scheduler.Submit submit) {
    if (!known.digest().equals(submit.digest())) {
      return Optional.of(
          new SchedulerReply.Refused(
              Reason.KEY_IN_USE,
              "an idempotency key belongs to one submission: key=%s is that of run=%s, which was submitted otherwise; use another key"
                  .formatted(sent(submit.key().orElse("")), known.run())));
    }
    if (known.revision() == 0) {
      await(known.run(), submit.replyTo(), false);
      return Optional.empty();
    }
    return Optional.of(new SchedulerReply.Taken(allocations.status(known), false));
  }

  /** A key as its client sent it. */
  private static String sent(String key) {
    return key.substring(key.lastIndexOf(' ') + 1);
  }

  private Optional<SchedulerReply> refusal(SchedulerState state, Scheduler.Submit submit) {
    RunSpec spec = submit.spec();
    if (nodes.isEmpty()) {
      return Optional.of(SchedulerReply.Refused.noNode());
    }
    long idle = state.idle();
    if (idle >= settings.mostWaiting()) {
      return Optional.of(
          new SchedulerReply.Refused(
              Reason.FULL,
              "at most %d runs may wait or be paused: waiting=%d, paused=%d; wait until some have started, or cancel some"
                  .formatted(settings.mostWaiting(), state.waiting(), idle - state.waiting())));
    }
    return ClusterCapacity.unfit(spec, nodes.offers())
        .or(() -> QuotaCheck.unfit(spec))
        .map(SchedulerReply.class::cast)
        .or(
            () ->
                new QuotaCheck(state, spec.whose(), settings.clock().instant())
                    .submission(submit.quotas())
                    .or(submit::full)
                    .map(SchedulerReply.Full::new));
  }

  /** The run, or the quota that leaves no room for one more that has not ended. */
  SchedulerReply reopen(SchedulerState state, Scheduler.Reopen reopen) {
    Optional<ScheduledRun> known = state.find(reopen.run());
    if (known.isEmpty()) {
      return SchedulerReply.Refused.noSuchRun(reopen.run());
    }
    Optional<FullQuota> full =
        known.get().state().isEnded()
            ? new QuotaCheck(state, known.get().spec().whose(), settings.clock().instant())
                .unfinished(reopen.quotas())
            : Optional.empty();
    return full.<SchedulerReply>map(SchedulerReply.Full::new)
        .orElseGet(() -> new SchedulerReply.Known(allocations.status(known.get())));
  }

  /** Replies once {@link #reply} is called. */
  void await(String run, ActorRef<SchedulerReply> replyTo, boolean fresh) {
    submitters.computeIfAbsent(run, id -> new ArrayList<>()).add(new Submitter(replyTo, fresh));
  }

  void reply(ScheduledRun entry) {
    List<Submitter> waiting = submitters.remove(entry.run());
    if (waiting != null) {
      waiting.forEach(
          one ->
              one.replyTo().tell(new SchedulerReply.Taken(allocations.status(entry), one.fresh())));
    }
  }
}
