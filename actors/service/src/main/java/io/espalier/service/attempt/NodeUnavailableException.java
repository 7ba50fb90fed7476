package io.espalier.service.attempt;

/** A node that was to host trainers is not there. */
final class NodeUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NodeUnavailableException(String node) {
    super("a node that is to host trainers must be reachable: node=" + node);
  }
}
