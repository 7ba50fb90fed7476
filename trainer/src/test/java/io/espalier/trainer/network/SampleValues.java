package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Drawn values of parameters, so scaled that outputs neither vanish nor grow. */
public final class SampleValues {
  private SampleValues() {}

  public static Map<ParameterId, float[]> of(Network network, Random random) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    network.parameters().forEach(spec -> values.put(spec.id(), of(spec, random)));
    return values;
  }

  /** Statistics are those of no zero channel. */
  public static float[] of(ParameterSpec spec, Random random) {
    int size = spec.shape().size();
    if (spec.role() == Role.WEIGHT) {
      float bound = (float) Math.sqrt(6.0 / spec.fanIn());
      return uniform(size, -bound, bound, random);
    }
    return spec.role() == Role.RUNNING_VARIANCE || spec.role() == Role.NORM_SCALE
        ? uniform(size, 0.5f, 1.5f, random)
        : uniform(size, -0.5f, 0.5f, random);
  }

  public static float[] uniform(int size, float from, float to, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = from + random.nextFloat() * (to - from);
    }
    return values;
  }
}
