package io.espalier.trainer.sparse;

import io.espalier.trainer.data.BatchInputs;
import io.espalier.trainer.data.ByteScaling;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Inputs of random bytes, in groups with a shift and a scale each. */
record ByteInputs(int features, List<Integer> drawn, int groups)
    implements BatchInputs, ByteScaling {
  static ByteInputs random(int examples, int features, int groups) {
    SplittableRandom random = new SplittableRandom(11);
    return new ByteInputs(
        features, random.ints((long) examples * features, 0, 256).boxed().toList(), groups);
  }

  @Override
  public float[] rows() {
    float[] rows = new float[drawn.size()];
    for (int i = 0; i < rows.length; i++) {
      int group = i % features / (features / groups);
      rows[i] = (drawn.get(i) - shift(group)) * scale(group);
    }
    return rows;
  }

  @Override
  public Optional<ByteScaling> bytes(byte[] target, int stride) {
    for (int i = 0; i < drawn.size(); i++) {
      target[i % features * stride + i / features] = drawn.get(i).byteValue();
    }
    return Optional.of(this);
  }

  @Override
  public float shift(int group) {
    return 70.3f + group;
  }

  @Override
  public float scale(int group) {
    return 0.0117f * (group + 1);
  }
}
