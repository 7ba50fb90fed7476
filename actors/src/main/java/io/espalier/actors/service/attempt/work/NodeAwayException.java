package io.espalier.actors.service.attempt.work;

/** A node that was to host trainers is not there. */
final class NodeAwayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NodeAwayException(String node) {
    super("a node that is to host trainers must be reachable: node=" + node);
  }
}
