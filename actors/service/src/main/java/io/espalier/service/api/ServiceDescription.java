package io.espalier.service.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The service and its nodes, as {@code GET /v1/service} returns them. */
public record ServiceDescription(
    String version, String node, List<Node> nodes, int queued, int running) {
  @FunctionalInterface
  public interface Source {
    CompletionStage<ServiceDescription> describe();
  }

  /** One node; memory is in MB. */
  public record Node(String name, int trainers, int trainersFree, int memoryMb, int memoryMbFree) {}

  public ServiceDescription {
    nodes = List.copyOf(nodes);
  }
}
