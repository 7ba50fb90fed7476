package io.espalier.trainer.onnx.runtime;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.onnx.write.OnnxExport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inference time of networks in ONNX Runtime, independent of their values. */
public final class NetworkLatency {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkLatency.class);
  private static final float WEIGHT = 0.01f;

  private NetworkLatency() {}

  /**
   * Measures seconds per example on one thread: medians over interleaved runs after a warm-up. Equal networks are measured once.
   *
   * @return one number for each network; empty where ONNX Runtime does not work on this machine
   */
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

  /**
   * Measures ONNX files as {@link #ofExamples} does.
   *
   * @return one number for each file
   * @throws IllegalArgumentException if the runtime does not take one
   */
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
}
