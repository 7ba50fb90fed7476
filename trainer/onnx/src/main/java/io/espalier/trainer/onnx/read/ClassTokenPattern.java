package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A constant as one more position before those of a sequence. */
final class ClassTokenPattern {
  private ClassTokenPattern() {}

  static Optional<ConvertedValue> joined(OperationCall call) {
    if (call.inputs().size() != 2
        || !(call.required(0) instanceof Fixed fixed && call.required(1) instanceof Signal given)) {
      return Optional.empty();
    }
    return SequenceView.sequence(call, given).map(sequence -> joined(call, fixed, sequence));
  }

  private static Signal joined(OperationCall call, Fixed fixed, Signal sequence) {
    int positions = SequenceView.positionAxis(call.draft(), sequence).orElseThrow();
    OnnxConstant token = fixed.constant();
    List<Integer> expected = new ArrayList<>(OperationCall.batched(sequence.dimensions()));
    expected.set(positions, 1);
    long axis = call.attributes().whole("axis", 1);
    if (!token.dimensions().equals(expected)
        || AxisMapping.of(axis, expected.size()) != positions) {
      throw new GraphException(
          "a constant in front of a sequence must be one position, alike for all examples: constant=%s, sequence=%s, axis=%d"
              .formatted(token.dimensions(), sequence.dimensions(), axis));
    }
    String node =
        call.draft()
            .add(
                call.nameOfWeight(0),
                new ClassToken(),
                List.of(sequence.node()),
                List.of(token.floats()));
    return positions == 1 ? SequenceView.featuresLast(call.draft(), node) : call.plain(node);
  }
}
