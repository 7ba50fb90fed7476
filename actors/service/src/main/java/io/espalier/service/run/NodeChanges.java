package io.espalier.service.run;

import akka.actor.typed.javadsl.ActorContext;
import java.util.List;
import java.util.Set;

/**
 * Follows the nodes that come, leave or fail, and wakes the runs whose node is gone. Belongs to the
 * scheduler, which plans after each change.
 */
final class NodeChanges {
  private final ActorContext<Scheduler.Command> context;
  private final NodeRegistry nodes;
  private final RunAllocations allocations;
  private final RunCommandRetries reminders;

  NodeChanges(
      ActorContext<Scheduler.Command> context,
      NodeRegistry nodes,
      RunAllocations allocations,
      RunCommandRetries reminders) {
    this.context = context;
    this.nodes = nodes;
    this.allocations = allocations;
    this.reminders = reminders;
  }

  /** The scheduler has read its journal: every unfinished run is to report first. */
  void recovered(SchedulerState state) {
    if (!nodes.isEmpty()) {
      begin(state);
    }
  }

  void offered(SchedulerState state, Scheduler.NodeOffers message) {
    boolean first = nodes.isEmpty();
    nodes.add(message.from(), message.offer());
    if (first) {
      begin(state);
    }
    reminders.repeatLater();
  }

  private void begin(SchedulerState state) {
    allocations.settleAll();
    reminders.settle(state.unfinished());
    context.getSelf().tell(Scheduler.Tick.CHECK_RETENTION);
    reminders.repeatLater();
  }

  /** Returns whether a node is left; the first one that comes takes all runs over otherwise. */
  boolean listed(SchedulerState state, Scheduler.NodesListed listed) {
    Set<String> gone = nodes.update(listed.reporters(), context.getSelf());
    allocations.revokeGrants(gone);
    if (nodes.isEmpty()) {
      return false;
    }
    List<ScheduledRun> moved =
        state.unfinished().stream()
            .filter(entry -> allocations.host(entry.run()).map(gone::contains).orElse(false))
            .toList();
    if (!moved.isEmpty()) {
      reminders.settle(moved);
    }
    reminders.repeatLater();
    return true;
  }

  void left(Scheduler.NodeLeaves leaves) {
    nodes.remove(leaves.node());
    allocations.revokeGrants(Set.of(leaves.node()));
  }
}
