package io.espalier.trainer.executor;

import io.espalier.masks.kind.AuxiliaryParameter.Training;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.state.StateLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Values, moments and gradient of one auxiliary parameter, in memory of their own. Confined to the
 * executor's thread.
 */
public final class AuxiliaryArrays {
  private final List<FloatBuffer> slots;
  private final FloatBuffer gradient;
  private final Optional<Training> training;

  public AuxiliaryArrays(StateLayout.Entry entry) {
    slots = Stream.generate(() -> floats(entry.size())).limit(entry.slots()).toList();
    gradient = floats(entry.size());
    training = entry.beside().flatMap(beside -> beside.parameter().training());
  }

  private static FloatBuffer floats(int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  public FloatBuffer array(int slot) {
    return slots.get(slot).duplicate();
  }

  public FloatBuffer values() {
    return slots.get(0);
  }

  public FloatBuffer gradient() {
    return gradient;
  }

  /** Before a pass that is to leave another gradient. */
  public void clearGradient() {
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, 0);
    }
  }

  /** Views for an optimizer step, unless only the mask kind changes the values. */
  public Optional<ParameterArrays> forUpdate() {
    return training.map(
        how -> {
          if (how.scaled()) {
            scaleGradient();
          }
          return ParameterArrays.auxiliary(
              slots.get(0),
              IntStream.range(1, slots.size()).mapToObj(slots::get).toList(),
              gradient,
              how);
        });
  }

  private void scaleGradient() {
    double squares = 0;
    for (int i = 0; i < gradient.limit(); i++) {
      squares += (double) gradient.get(i) * gradient.get(i);
    }
    double root = Math.sqrt(squares / gradient.limit());
    for (int i = 0; root > 0 && i < gradient.limit(); i++) {
      gradient.put(i, (float) (gradient.get(i) / root));
    }
  }
}
