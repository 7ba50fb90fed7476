package io.espalier.trainer.onnx.runtime;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.onnx.export.OnnxExport;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a network takes in ONNX Runtime, whatever its values. */
public final class NetworkLatency {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkLatency.class);
  private static final float WEIGHT = 0.01f;

  private NetworkLatency() {}

  /**
   * Seconds for one example on one thread, as {@link OnnxLatency} measures them; empty where ONNX
   * Runtime does not work on this machine.
   */
  public static OptionalDouble ofExample(Network network) {
    try {
      OnnxExport export =
          OnnxExport.of(
              network, false, id -> values(network.parameter(id).orElseThrow()), Map.of());
      return OptionalDouble.of(OnnxLatency.measure(export.bytes(), 1));
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("the latency in ONNX Runtime cannot be measured: {}", e.toString());
      return OptionalDouble.empty();
    }
  }

  /** Values that are neither 0 nor subnormal, which may be faster or slower than others. */
  private static float[] values(ParameterSpec spec) {
    float[] values = new float[spec.shape().size()];
    Arrays.fill(values, spec.role() == Role.WEIGHT ? WEIGHT : 1);
    return values;
  }
}
