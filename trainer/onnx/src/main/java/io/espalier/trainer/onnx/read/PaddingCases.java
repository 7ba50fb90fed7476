package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConvertedValue.OfPadding;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Texts whose padding differs. A graph computes masks from padding in many ways; what it computes
 * for these texts says what the mask is: none has padding, and each place is padding once.
 */
final class PaddingCases {
  static final int COUNT = 3;

  private PaddingCases() {}

  static boolean isPadding(int text, int position) {
    return text > 0 && position % 2 == text - 1;
  }

  /** {@code tokens} where a token is and {@code padding} elsewhere, {@code [1, positions]}. */
  static OfPadding of(OptionalInt id, int positions, long tokens, long padding) {
    return new OfPadding(
        id,
        IntStream.range(0, COUNT)
            .mapToObj(
                text ->
                    OnnxConstant.ofWholes(
                        List.of(1, positions),
                        IntStream.range(0, positions)
                            .mapToLong(place -> isPadding(text, place) ? padding : tokens)
                            .toArray()))
            .toList());
  }
}
