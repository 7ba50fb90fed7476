package io.espalier.trainer.onnx.read;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;

/**
 * Finds where an ONNX file has the values of its network: the graph is imported once more with
 * numbers of places in the place of values. A parameter that is computed from initialisers, such as
 * a scaled weight, has no place, nor has one whose values another parameter uses too.
 */
public final class InitializerTrace {
  /** Whole numbers up to this are floats. */
  private static final int DIGIT = 1 << 24;

  private static final int HIGH_DIGITS = Integer.SIZE - 24;
  private static final int MOST_TENSORS = (DIGIT >> HIGH_DIGITS) - 1;

  private final OnnxGraph graph;
  private final ImportedNetwork own;
  private final List<String> names;

  private InitializerTrace(OnnxGraph graph, ImportedNetwork own) {
    this.graph = graph;
    this.own = own;
    this.names = new ArrayList<>(new TreeSet<>(graph.constants().keySet()));
  }

  /** The place of each value of a parameter in an initialiser, both row-major. */
  public static final class Source {
    private final String initializer;
    private final int[] indices;

    private Source(String initializer, int[] indices) {
      this.initializer = initializer;
      this.indices = indices;
    }

    public String initializer() {
      return initializer;
    }

    public int index(int value) {
      return indices[value];
    }
  }

  /**
   * The places of the parameters of an imported network.
   *
   * @throws io.espalier.configs.InvalidConfigException if the file is none any more
   */
  public static Map<ParameterId, Source> of(ModelConfig.Onnx model, Network network) {
    ImportedNetwork own =
        OnnxImport.read(model, network.input(), network.outputs(), OptionalInt.empty());
    try {
      OnnxGraph graph = OnnxReader.read(model.file(), model.output(), unfolding());
      InitializerTrace trace = new InitializerTrace(graph, own);
      // Vectors too, unless the graph is read by their values, as where a scale is one number.
      return trace.sources(1).or(() -> trace.sources(2)).orElse(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Unfolding unfolding() {
    return new Unfolding(HeapRoom.ofProcess(), Unfolding.MOST_VALUES);
  }

  /** Empty if the graph of numbers makes another network. */
  private Optional<Map<ParameterId, Source>> sources(int leastAxes) {
    try {
      ImportedNetwork low = numbered(leastAxes, (tensor, place) -> place % DIGIT);
      ImportedNetwork high =
          numbered(leastAxes, (tensor, place) -> (tensor << HIGH_DIGITS) + place / DIGIT);
      String network = own.network().toJson();
      return low.network().toJson().equals(network) && high.network().toJson().equals(network)
          ? Optional.of(sources(own.values(), low.values(), high.values()))
          : Optional.empty();
    } catch (GraphException e) {
      return Optional.empty();
    }
  }

  /** Tensors count from 1: a 0 is no place. */
  private ImportedNetwork numbered(int leastAxes, IntBinaryOperator number) {
    Map<String, OnnxConstant> constants = new HashMap<>(graph.constants());
    for (int tensor = 1; tensor <= Math.min(names.size(), MOST_TENSORS); tensor++) {
      OnnxConstant constant = constant(tensor);
      if (!constant.isWhole() && longAxes(constant) >= leastAxes) {
        float[] numbers = new float[constant.size()];
        for (int place = 0; place < numbers.length; place++) {
          numbers[place] = number.applyAsInt(tensor, place);
        }
        constants.put(names.get(tensor - 1), OnnxConstant.ofFloats(constant.dimensions(), numbers));
      }
    }
    OnnxGraph numbered =
        new OnnxGraph(
            graph.opset(),
            graph.input(),
            graph.readsWholes(),
            graph.inputDimensions(),
            graph.encoderInputs(),
            graph.output(),
            graph.operations(),
            constants,
            graph.unreadable());
    return OnnxImport.translate(
        numbered, own.network().input(), own.network().outputs(), unfolding());
  }

  private OnnxConstant constant(int tensor) {
    return Objects.requireNonNull(graph.constants().get(names.get(tensor - 1)));
  }

  private static long longAxes(OnnxConstant constant) {
    return constant.dimensions().stream().filter(length -> length > 1).count();
  }

  private Map<ParameterId, Source> sources(
      List<float[]> values, List<float[]> low, List<float[]> high) {
    Map<String, BitSet> used = new HashMap<>();
    Map<ParameterId, Source> sources = new HashMap<>();
    List<String> shared = new ArrayList<>();
    for (int p = 0; p < values.size(); p++) {
      Optional<Source> source = source(values.get(p), low.get(p), high.get(p));
      if (source.isPresent()) {
        String name = source.get().initializer();
        BitSet before = used.computeIfAbsent(name, key -> new BitSet());
        BitSet its = new BitSet();
        for (int index : source.get().indices) {
          its.set(index);
        }
        if (before.intersects(its) || its.cardinality() < values.get(p).length) {
          shared.add(name);
        }
        before.or(its);
        sources.put(own.network().parameters().get(p).id(), source.get());
      }
    }
    sources.values().removeIf(source -> shared.contains(source.initializer()));
    return sources;
  }

  private Optional<Source> source(float[] values, float[] low, float[] high) {
    int tensor = (int) high[0] >> HIGH_DIGITS;
    if (tensor < 1 || tensor > names.size() || constant(tensor).isWhole()) {
      return Optional.empty();
    }
    float[] stored = constant(tensor).floats();
    int[] indices = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      long place = (long) (((int) high[i]) - (tensor << HIGH_DIGITS)) * DIGIT + (long) low[i];
      if (place < 0
          || place >= stored.length
          || low[i] != (int) low[i]
          || high[i] != (int) high[i]
          || Float.floatToRawIntBits(stored[(int) place]) != Float.floatToRawIntBits(values[i])) {
        return Optional.empty();
      }
      indices[i] = (int) place;
    }
    return Optional.of(new Source(names.get(tensor - 1), indices));
  }
}
