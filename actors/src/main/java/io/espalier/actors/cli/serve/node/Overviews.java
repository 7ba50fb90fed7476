package io.espalier.actors.cli.serve.node;

import io.espalier.actors.service.http.ServiceDescription;
import io.espalier.actors.service.node.ServiceNode;
import io.espalier.actors.service.schedule.SchedulerReply;
import io.espalier.trainer.run.CodeVersion;
import java.util.concurrent.CompletionStage;

/** Describes a service as its scheduler sees it. */
record Overviews(ServiceNode node) implements ServiceDescription.Source {
  @Override
  public CompletionStage<ServiceDescription> describe() {
    return node.overview().thenApply(this::description);
  }

  private ServiceDescription description(SchedulerReply.Overview overview) {
    return new ServiceDescription(
        CodeVersion.current(),
        node.name(),
        overview.nodes().stream().map(Overviews::described).toList(),
        overview.waiting(),
        overview.holding());
  }

  private static ServiceDescription.Node described(SchedulerReply.NodeUse use) {
    return new ServiceDescription.Node(
        use.offer().node(),
        use.offer().trainers(),
        use.freeTrainers(),
        Math.toIntExact(use.offer().memoryMb()),
        Math.toIntExact(use.freeMemoryMb()));
  }
}
