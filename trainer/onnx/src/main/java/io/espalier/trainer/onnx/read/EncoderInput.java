package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/** Inputs of encoders of text that follow from the tokens, {@code [1, positions]}. */
enum EncoderInput {
  /** 1 where a token is, 0 at padding. */
  MASK(".*mask.*") {
    @Override
    ConvertedValue value(int positions) {
      return PaddingCases.of(OptionalInt.empty(), positions, 1, 0);
    }
  },
  /** Which of two texts a token belongs to: there is one. */
  TYPES(".*(token_type|segment).*") {
    @Override
    ConvertedValue value(int positions) {
      return fixed(LongStream.range(0, positions).map(i -> 0));
    }
  },
  POSITIONS(".*position.*") {
    @Override
    ConvertedValue value(int positions) {
      return fixed(LongStream.range(0, positions));
    }
  };

  private final String names;

  EncoderInput(String names) {
    this.names = names;
  }

  abstract ConvertedValue value(int positions);

  private static Fixed fixed(LongStream numbers) {
    long[] values = numbers.toArray();
    return new Fixed(OnnxConstant.ofWholes(List.of(1, values.length), values));
  }

  /** The input of a name; empty for tokens and other examples. */
  static Optional<EncoderInput> of(String name) {
    return Arrays.stream(values()).filter(each -> name.matches(each.names)).findFirst();
  }
}
