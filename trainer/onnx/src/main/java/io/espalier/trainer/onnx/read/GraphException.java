package io.espalier.trainer.onnx.read;

import java.util.List;

final class GraphException extends RuntimeException {
  private final transient List<String> problems;

  public GraphException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public GraphException(String problem) {
    this(List.of(problem));
  }

  public List<String> problems() {
    return problems;
  }
}
