package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.espalier.service.RunAlert;
import io.espalier.service.RunStatus;
import io.espalier.service.notice.Notice;
import io.espalier.service.notice.NoticeEvent;
import io.espalier.service.notice.NoticeParts;
import io.espalier.service.notice.NoticeSender;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owes notices of ended runs and of alerts, in the same write as the report that causes them, until
 * they are delivered. Belongs to the scheduler.
 */
final class RunNotices {
  private static final Logger LOG = LoggerFactory.getLogger(RunNotices.class);
  private static final int MOST_OWED = 1_000;
  private static final int KNOWN_ALERTS = 10_000;

  private final ActorContext<Scheduler.Command> context;
  private final NoticeParts parts;
  private final Set<String> alerts = new LinkedHashSet<>();
  private Optional<ActorRef<NoticeSender.Command>> sender = Optional.empty();
  private boolean full;

  /** A notice was delivered to a destination, or dropped. */
  record Settled(String notice, String destination) implements Scheduler.Command {}

  RunNotices(ActorContext<Scheduler.Command> context, NoticeParts parts) {
    this.context = context;
    this.parts = parts;
  }

  /** Starts to deliver what is owed; what was on its way before may arrive twice. */
  void begin(SchedulerState state) {
    end();
    List<SchedulerEvent.Owed> owed = List.copyOf(state.owed());
    alerts.clear();
    owed.forEach(each -> alerts.add(each.notice().id()));
    if (!parts.transports().isEmpty() || !owed.isEmpty()) {
      sender =
          Optional.of(
              context.spawnAnonymous(
                  NoticeSender.create(
                      parts,
                      (notice, destination) ->
                          context.getSelf().tell(new Settled(notice, destination)))));
      owed.forEach(this::deliver);
    }
  }

  /** Delivers nothing any more: another node schedules. */
  void end() {
    sender.ifPresent(context::stop);
    sender = Optional.empty();
  }

  /** The events to persist with a report, after which {@link #deliver} follows. */
  List<SchedulerEvent.Owed> owed(
      SchedulerState state, ScheduledRun before, Scheduler.Reported report) {
    RunStatus run =
        report.status().withCause(report.status().standing().cause().map(parts.shown()));
    List<SchedulerEvent.Owed> owed = new ArrayList<>();
    for (RunAlert alert : report.alerts()) {
      Notice notice = Notice.ofAlert(run, shown(alert), parts.clock().instant());
      if (isNew(notice.id())) {
        owe(notice, state.owed().size() + owed.size()).ifPresent(owed::add);
      }
    }
    boolean ends =
        before.state() != run.state() || before.status().attempt().term() != run.attempt().term();
    NoticeEvent.of(run.state())
        .filter(event -> ends)
        .flatMap(event -> owe(Notice.ofEnd(event, run), state.owed().size() + owed.size()))
        .ifPresent(owed::add);
    return owed;
  }

  private RunAlert shown(RunAlert alert) {
    return new RunAlert(alert.id(), alert.kind(), alert.step(), parts.shown().apply(alert.text()));
  }

  /** An alert is reported until it is acknowledged. */
  private boolean isNew(String alert) {
    if (alerts.size() >= KNOWN_ALERTS) {
      alerts.remove(alerts.iterator().next());
    }
    return alerts.add(alert);
  }

  private Optional<SchedulerEvent.Owed> owe(Notice notice, int count) {
    List<String> takers = parts.settings().takers(notice.event());
    boolean wasFull = full;
    full = count >= MOST_OWED;
    if (takers.isEmpty() || !full) {
      return takers.isEmpty()
          ? Optional.empty()
          : Optional.of(new SchedulerEvent.Owed(notice, takers));
    }
    takers.forEach(parts.meters()::dropped);
    if (!wasFull) {
      LOG.warn(
          "at most {} notices may be owed, and further ones are dropped: notice={}; look at the destinations with 'espalier serve notify test'",
          MOST_OWED,
          notice.id());
    }
    return Optional.empty();
  }

  void deliver(SchedulerEvent.Owed owed) {
    sender.ifPresent(
        actor ->
            owed.destinations()
                .forEach(each -> actor.tell(new NoticeSender.Deliver(owed.notice(), each))));
  }

  /** The event to persist; empty if that is not owed any more. */
  Optional<SchedulerEvent> settled(SchedulerState state, Settled settled) {
    return state.isOwed(settled.notice(), settled.destination())
        ? Optional.of(new SchedulerEvent.NoticeSettled(settled.notice(), settled.destination()))
        : Optional.empty();
  }
}
