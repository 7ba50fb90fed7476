package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** An operation whose inputs are all constants. */
record FoldedCall(Operation operation, List<Optional<OnnxConstant>> inputs, Unfolding unfolding) {
  FoldedCall {
    inputs = List.copyOf(inputs);
  }

  Attributes attributes() {
    return operation.attributes();
  }

  Optional<OnnxConstant> value(int index) {
    return index < inputs.size() ? inputs.get(index) : Optional.empty();
  }

  OnnxConstant required(int index) {
    return value(index)
        .orElseThrow(() -> new GraphException("its input must be given: input=" + index));
  }

  /** A list of whole numbers, which is an attribute in old opsets and an input in new ones. */
  Optional<List<Long>> wholes(int index, String attribute) {
    return value(index)
        .map(given -> LongStream.of(given.knownWholes()).boxed().toList())
        .or(() -> attributes().wholes(attribute));
  }
}
