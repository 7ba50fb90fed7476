package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of an ONNX file that its output depends on.
 *
 * @param opset version of the standard operators
 * @param inputDimensions with the batch; −1 where the length is free; empty if unspecified
 * @param operations in topological order
 * @param constants initialisers by name
 * @param unreadable why a needed initialiser cannot be read, by its name
 */
record OnnxGraph(
    int opset,
    String input,
    Optional<List<Long>> inputDimensions,
    String output,
    List<Operation> operations,
    Map<String, OnnxConstant> constants,
    Map<String, String> unreadable) {
  public OnnxGraph {
    inputDimensions = inputDimensions.map(List::copyOf);
    operations = List.copyOf(operations);
    constants = Map.copyOf(constants);
    unreadable = Map.copyOf(unreadable);
  }
}
