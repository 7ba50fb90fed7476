package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ONNX file holds, as far as its output depends on it.
 *
 * @param opset version of the standard operators
 * @param inputDimensions of the input, the batch's included; −1 where the length is free; empty if
 *     the file says nothing
 * @param operations in an order in which each reads only what earlier ones give
 * @param constants initialisers by name
 * @param unreadable why an initialiser that is needed cannot be read, by its name
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
