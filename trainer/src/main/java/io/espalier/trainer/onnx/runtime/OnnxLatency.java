package io.espalier.trainer.onnx.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How long ONNX Runtime takes for a batch on one thread: the median over runs, after some that warm
 * it up. Compare only what one machine measured.
 */
public final class OnnxLatency {
  private static final int WARM_UPS = 3;
  private static final int LEAST_RUNS = 9;
  private static final int MOST_RUNS = 201;
  private static final long ENOUGH_NANOS = 500_000_000;

  private OnnxLatency() {}

  /** Seconds per batch of a file. */
  public static double measure(Path file, int batch) throws IOException {
    try (OnnxNetwork network = OnnxNetwork.load(file)) {
      return measure(network, batch);
    }
  }

  /** Seconds per batch of the bytes of a file. */
  public static double measure(byte[] bytes, int batch) {
    try (OnnxNetwork network = OnnxNetwork.load(bytes)) {
      return measure(network, batch);
    }
  }

  /** Seconds per batch; from 9 to 201 runs, about half a second of them. */
  public static double measure(OnnxNetwork network, int batch) {
    float[] examples = new float[Math.multiplyExact(batch, network.inputSize())];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) random.nextDouble(-1, 1);
    }
    for (int i = 0; i < WARM_UPS; i++) {
      network.run(examples);
    }
    long[] nanos = new long[MOST_RUNS];
    int runs = 0;
    long total = 0;
    while (runs < LEAST_RUNS || (runs < MOST_RUNS && total < ENOUGH_NANOS)) {
      long before = System.nanoTime();
      network.run(examples);
      nanos[runs] = System.nanoTime() - before;
      total += nanos[runs++];
    }
    Arrays.sort(nanos, 0, runs);
    return nanos[runs / 2] * 1e-9;
  }
}
