package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of an ONNX file that its output depends on.
 *
 * @param readsWholes whether the input is of whole numbers, as tokens are
 * @param inputDimensions with the batch; −1 where the length is free; empty if unspecified
 * @param encoderInputs other inputs, which follow from the tokens
 * @param operations in topological order
 * @param unreadable why a needed initialiser cannot be read, by its name
 */
record OnnxGraph(
    int opset,
    String input,
    boolean readsWholes,
    Optional<List<Long>> inputDimensions,
    Map<String, EncoderInput> encoderInputs,
    String output,
    List<Operation> operations,
    Map<String, OnnxConstant> constants,
    Map<String, String> unreadable) {
  public OnnxGraph {
    inputDimensions = inputDimensions.map(List::copyOf);
    encoderInputs = Map.copyOf(encoderInputs);
    operations = List.copyOf(operations);
    constants = Map.copyOf(constants);
    unreadable = Map.copyOf(unreadable);
  }

  /**
   * A node of a graph; its name may be its output's, a standard operator has no domain, and the
   * name of an absent input is empty.
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

    public String label() {
      return "node %s (%s)".formatted(name, operator);
    }

    public String output() {
      return outputs.get(0);
    }
  }
}
