package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.Optional;

/**
 * A node of a graph.
 *
 * @param name its own, or that of its output
 * @param domain of the operator; empty for a standard one
 * @param inputs names of values; an empty one is left out
 */
record Operation(
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Attributes attributes) {
  public Operation {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public Optional<String> input(int index) {
    return index < inputs.size() && !inputs.get(index).isEmpty()
        ? Optional.of(inputs.get(index))
        : Optional.empty();
  }

  /** How messages name it. */
  public String label() {
    return "node %s (%s)".formatted(name, operator);
  }

  public String output() {
    return outputs.get(0);
  }
}
