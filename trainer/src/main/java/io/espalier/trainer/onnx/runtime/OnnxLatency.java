package io.espalier.trainer.onnx.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Time of a batch in ONNX Runtime on one thread: the median over runs after a warm-up. Networks are measured in turns, so that neither warm-up nor a slowing machine favours one. Compare only numbers measured together. */
final class OnnxLatency {
  private static final long WARM_UP_NANOS = 200_000_000;
  private static final int LEAST_ROUNDS = 9;
  private static final int MOST_ROUNDS = 1001;
  private static final long ENOUGH_NANOS = 500_000_000;

  private OnnxLatency() {}

  /**
   * Measures networks together in 9 to 1001 rounds, about half a second per network. A round runs each once, every other round in reverse order.
   *
   * @return seconds per batch of each network
   */
  static List<Double> measure(List<OnnxNetwork> networks, int batch) {
    List<float[]> examples =
        networks.stream().map(network -> examples(batch * network.inputSize())).toList();
    for (int each = 0; each < networks.size(); each++) {
      long warm = 0;
      while (warm < WARM_UP_NANOS) {
        warm += nanos(networks.get(each), examples.get(each));
      }
    }
    List<long[]> rounds = new ArrayList<>();
    long total = 0;
    while (rounds.size() < LEAST_ROUNDS
        || (rounds.size() < MOST_ROUNDS && total < ENOUGH_NANOS * networks.size())) {
      long[] round = new long[networks.size()];
      for (int turn = 0; turn < round.length; turn++) {
        int each = rounds.size() % 2 == 0 ? turn : round.length - 1 - turn;
        round[each] = nanos(networks.get(each), examples.get(each));
      }
      total += Arrays.stream(round).sum();
      rounds.add(round);
    }
    return IntStream.range(0, networks.size()).mapToObj(each -> median(rounds, each)).toList();
  }

  private static long nanos(OnnxNetwork network, float[] examples) {
    long before = System.nanoTime();
    network.run(examples);
    return System.nanoTime() - before;
  }

  private static double median(List<long[]> rounds, int network) {
    long[] nanos = rounds.stream().mapToLong(round -> round[network]).sorted().toArray();
    return nanos[nanos.length / 2] * 1e-9;
  }

  private static float[] examples(int values) {
    float[] examples = new float[values];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) random.nextDouble(-1, 1);
    }
    return examples;
  }
}
