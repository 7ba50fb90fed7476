package io.espalier.service.run;

import io.espalier.service.RunQuery;
import io.espalier.service.RunStatus;
import java.util.List;

/** Answers what users ask of a scheduler, with statuses of the latest reports. */
record RunQueries(RunAllocations allocations, NodeRegistry nodes) {
  SchedulerReply list(SchedulerState state, RunQuery query) {
    List<RunStatus> all = state.newestFirst().stream().map(allocations::status).toList();
    return new SchedulerReply.Listed(RunPager.of(all, query));
  }

  SchedulerReply find(SchedulerState state, String run) {
    return state
        .find(run)
        .<SchedulerReply>map(entry -> new SchedulerReply.Known(allocations.status(entry)))
        .orElseGet(() -> SchedulerReply.Refused.noSuchRun(run));
  }

  SchedulerReply overview(SchedulerState state) {
    return new SchedulerReply.Overview(
        allocations.capacity(state, nodes).use(),
        (int) state.waiting(),
        state.holding().size(),
        state.oldestFirst().size());
  }
}
