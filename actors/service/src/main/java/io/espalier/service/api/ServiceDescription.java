package io.espalier.service.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The service and its nodes, as {@code GET /v1/service} returns them.
 *
 * @param version of Espalier
 * @param node that answers
 * @param queued runs that wait
 * @param running runs that have an attempt
 */
public record ServiceDescription(
    String version, String node, List<Node> nodes, int queued, int running) {
  /** Describes the service as it is now. */
  @FunctionalInterface
  public interface Source {
    CompletionStage<ServiceDescription> describe();
  }

  /**
   * One node of the service.
   *
   * @param trainers that it may run at once
   * @param trainersFree of these
   * @param memoryMb that it gives to trainers
   * @param memoryMbFree of these
   */
  public record Node(String name, int trainers, int trainersFree, int memoryMb, int memoryMbFree) {}

  public ServiceDescription {
    nodes = List.copyOf(nodes);
  }
}
