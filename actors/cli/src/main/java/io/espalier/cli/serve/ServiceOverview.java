package io.espalier.cli.serve;

import io.espalier.service.api.ServiceDescription;
import io.espalier.service.node.ServiceNode;
import io.espalier.service.run.SchedulerReply;
import io.espalier.trainer.run.CodeVersion;
import java.util.concurrent.CompletionStage;

/** Describes a service as its scheduler sees it. */
record ServiceOverview(ServiceNode node) implements ServiceDescription.Source {
  @Override
  public CompletionStage<ServiceDescription> describe() {
    return node.overview().thenApply(this::description);
  }

  private ServiceDescription description(SchedulerReply.Overview overview) {
    return new ServiceDescription(
        CodeVersion.current(),
        node.name(),
        overview.nodes().stream().map(ServiceOverview::described).toList(),
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
