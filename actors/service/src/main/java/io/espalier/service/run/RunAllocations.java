package io.espalier.service.run;

import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What runs hold and what they were granted, by their reports since the scheduler's start: nothing
 * of it is in the journal. Belongs to the scheduler.
 */
final class RunAllocations {
  private final Map<String, Scheduler.Reported> reports = new HashMap<>();
  private final Map<String, Granted> granted = new HashMap<>();
  private final Set<String> unsettled = new HashSet<>();
  private final Set<String> active = new HashSet<>();
  private Map<String, String> reasons = Map.of();

  /** A grant that its run has not answered yet. */
  private record Granted(AttemptGrant grant, long revision) {
    RunEntity.Start start() {
      return new RunEntity.Start(grant, revision);
    }
  }

  void clear() {
    granted.clear();
    reports.clear();
  }

  /** Nothing is granted until the run has reported, or {@link #settleAll} is called. */
  void awaitReport(String run) {
    unsettled.add(run);
  }

  void settleAll() {
    unsettled.clear();
  }

  boolean isSettling() {
    return !unsettled.isEmpty();
  }

  Optional<String> host(String run) {
    return Optional.ofNullable(reports.get(run)).map(Scheduler.Reported::host);
  }

  boolean isOutdated(Scheduler.Reported report) {
    Scheduler.Reported known = reports.get(report.status().run());
    return known != null && known.revision() > report.revision();
  }

  void accept(Scheduler.Reported report) {
    String run = report.status().run();
    reports.put(run, report);
    unsettled.remove(run);
    active.add(run);
    Granted grant = granted.get(run);
    if (grant != null
        && (report.revision() > grant.revision() || !report.host().equals(grant.grant().node()))) {
      granted.remove(run);
    }
  }

  void forgetReport(String run) {
    reports.remove(run);
  }

  void revokeGrants(Set<String> nodes) {
    granted.values().removeIf(grant -> nodes.contains(grant.grant().node()));
  }

  /** Returns the runs that reported since the last call. */
  Set<String> takeActive() {
    Set<String> taken = Set.copyOf(active);
    active.clear();
    return taken;
  }

  RunStatus status(ScheduledRun entry) {
    RunStatus status =
        Optional.ofNullable(reports.get(entry.run()))
            .map(Scheduler.Reported::status)
            .orElse(entry.status());
    return status.waitingFor(
        status.state() == RunState.QUEUED
            ? Optional.of(
                isSettling()
                    ? "waits until every run has answered"
                    : reasons.getOrDefault(entry.run(), "starts now"))
            : Optional.empty());
  }

  /** Grants room to waiting runs and returns the messages that start them, by run. */
  Map<String, RunEntity.Start> plan(SchedulerState state, NodeRegistry nodes) {
    if (isSettling()) {
      reasons = Map.of();
      return Map.of();
    }
    List<ScheduledRun> queue = queue(state);
    List<ScheduledRun> ready = queue.stream().filter(entry -> notYet(entry).isEmpty()).toList();
    StartPlan plan = StartPlan.of(capacity(state, nodes), ready, this::host, trainersInUse(state));
    reasons = new HashMap<>(plan.reasons());
    queue.forEach(entry -> notYet(entry).ifPresent(why -> reasons.put(entry.run(), why)));
    Map<String, RunEntity.Start> starts = new LinkedHashMap<>();
    plan.grants()
        .forEach(
            (run, grant) -> {
              Scheduler.Reported report = reports.get(run);
              Granted given = new Granted(grant, report == null ? 0 : report.revision());
              granted.put(run, given);
              starts.put(run, given.start());
            });
    return starts;
  }

  private Optional<String> notYet(ScheduledRun entry) {
    return Optional.ofNullable(reports.get(entry.run())).flatMap(Scheduler.Reported::notYet);
  }

  List<ScheduledRun> queue(SchedulerState state) {
    return state.oldestFirst().stream()
        .filter(entry -> entry.state() == RunState.QUEUED && entry.revision() > 0)
        .filter(entry -> !granted.containsKey(entry.run()))
        .sorted(ScheduledRun.TURN)
        .toList();
  }

  Map<String, RunEntity.Start> unansweredStarts() {
    Map<String, RunEntity.Start> starts = new HashMap<>();
    granted.forEach((run, given) -> starts.put(run, given.start()));
    return starts;
  }

  /** Whether a run's report is missing, or of a node that is gone. */
  boolean isUnanswered(ScheduledRun entry, Set<String> nodes) {
    return unsettled.contains(entry.run())
        || entry.revision() == 0
        || !host(entry.run()).map(nodes::contains).orElse(false);
  }

  /** The free capacity, without the holdings and grants of runs. */
  ClusterCapacity capacity(SchedulerState state, NodeRegistry nodes) {
    ClusterCapacity free = new ClusterCapacity(nodes.offers());
    for (ScheduledRun entry : state.oldestFirst()) {
      Optional.ofNullable(granted.get(entry.run()))
          .map(Granted::grant)
          .or(() -> held(entry))
          .ifPresent(grant -> free.take(entry.spec(), grant));
    }
    return free;
  }

  private TrainersInUse trainersInUse(SchedulerState state) {
    TrainersInUse used = new TrainersInUse();
    state.oldestFirst().stream()
        .filter(entry -> entry.state().hasAttempt() || granted.containsKey(entry.run()))
        .forEach(entry -> used.take(entry.spec()));
    return used;
  }

  /** Returns what a run holds; until it reports, all trainers count on the coordinator's node. */
  private Optional<AttemptGrant> held(ScheduledRun entry) {
    RunStatus status = entry.status();
    return status
        .attempt()
        .node()
        .filter(node -> status.state().hasAttempt())
        .map(
            node ->
                new AttemptGrant(
                    node,
                    Optional.ofNullable(reports.get(entry.run()))
                        .map(Scheduler.Reported::trainers)
                        .filter(trainers -> !trainers.isEmpty())
                        .orElse(List.of(new TrainersOnNode(node, status.request().trainers()))),
                    status.attempt().gateway()));
  }
}
