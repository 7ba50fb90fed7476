package io.espalier.trainer.stored;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.BlockValues;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A network that computes with the values and the norm statistics that it has. Confined to one
 * thread.
 */
public interface FixedNetwork extends AutoCloseable {
  Network network();

  /**
   * Logits {@code [count · positions, classes]} of the first {@code count} inputs, row-major.
   *
   * @param inputs {@code [examples, channels, height, width]}, row-major
   */
  float[] logits(float[] inputs, int count);

  /** Returns what blocks give for what the same blocks of another network have read, in order. */
  List<float[]> blocks(float[] inputs, int count, List<BlockValues> of);

  /** Shows what the named nodes give. */
  void outputs(float[] inputs, int count, List<String> nodes, OutputReader reader);

  /**
   * Shows the gradients of parameters at a slope of the logits.
   *
   * @param slope returns the loss's gradient by the logits that it is given, both {@code [count ·
   *     positions, classes]}, row-major
   */
  void gradients(
      float[] inputs, int count, LogitSlope slope, List<ParameterId> parameters, Reader reader);

  /** A live view of a parameter's values, row-major: the next passes see what is written. */
  FloatBuffer values(ParameterId id);

  @Override
  void close();

  /** Sees what a layer gives, {@code [count, channels, …]}, row-major. */
  @FunctionalInterface
  interface OutputReader {
    void see(String node, float[] output);
  }

  @FunctionalInterface
  interface LogitSlope {
    float[] at(float[] logits);
  }

  /** Sees the gradient of one of the parameters; the buffer is valid during the call only. */
  @FunctionalInterface
  interface Reader {
    void read(int parameter, FloatBuffer gradient);
  }
}
