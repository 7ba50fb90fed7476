package io.espalier.trainer.onnx;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inference time of networks in ONNX Runtime, independent of their values. */
public final class NetworkLatency {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkLatency.class);
  private static final float WEIGHT = 0.01f;

  private NetworkLatency() {}

  /** Measures seconds per example on one thread; empty where ONNX Runtime does not work. */
  public static List<Double> ofExamples(List<Network> networks) {
    try {
      List<byte[]> files = networks.stream().map(NetworkLatency::export).toList();
      List<Integer> first = files.stream().map(file -> first(files, file)).toList();
      List<Integer> distinct = first.stream().distinct().toList();
      List<Double> seconds = ofFiles(distinct.stream().map(files::get).toList());
      return first.stream().map(each -> seconds.get(distinct.indexOf(each))).toList();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("the latency in ONNX Runtime cannot be measured: {}", e.toString());
      return List.of();
    }
  }

  private static int first(List<byte[]> files, byte[] file) {
    return IntStream.range(0, files.size())
        .filter(each -> Arrays.equals(files.get(each), file))
        .findFirst()
        .orElseThrow();
  }

  public static List<Double> ofFiles(List<byte[]> files) {
    List<OnnxNetwork> loaded = new ArrayList<>();
    try {
      files.forEach(file -> loaded.add(OnnxNetwork.load(file)));
      return OnnxLatency.measure(loaded, 1);
    } finally {
      loaded.forEach(OnnxNetwork::close);
    }
  }

  private static byte[] export(Network network) {
    return OnnxExport.of(
            network, false, id -> values(network.parameter(id).orElseThrow()), Map.of())
        .bytes();
  }

  /** Values that are neither 0 nor subnormal, whose speed may differ. */
  private static float[] values(ParameterSpec spec) {
    float[] values = new float[spec.shape().size()];
    Arrays.fill(values, spec.role() == Role.WEIGHT ? WEIGHT : 1);
    return values;
  }

  /** Time of a batch in ONNX Runtime: the median over interleaved runs after a warm-up. */
  static final class OnnxLatency {
    private static final long WARM_UP_NANOS = 200_000_000;
    private static final int LEAST_ROUNDS = 9;
    private static final int MOST_ROUNDS = 1001;
    private static final long ENOUGH_NANOS = 500_000_000;

    private OnnxLatency() {}

    /** Returns seconds per batch: 9 to 1001 rounds, about half a second per network. */
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
}
