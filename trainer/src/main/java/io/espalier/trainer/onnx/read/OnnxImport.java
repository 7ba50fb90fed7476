package io.espalier.trainer.onnx.read;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Probabilities;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Imports ONNX networks; a final softmax is dropped: networks are trained on logits. */
public final class OnnxImport {
  private static final String KEY = "model.file";

  private OnnxImport() {}

  /** A network with its values. Immutable and thread-safe. */
  public static final class ImportedNetwork {
    private final Network network;
    private final Map<ParameterId, float[]> values;

    ImportedNetwork(Network network, Map<ParameterId, float[]> values) {
      this.network = network;
      this.values = Map.copyOf(values);
    }

    public Network network() {
      return network;
    }

    /** Copies of the row-major values of every parameter, in network order. */
    public List<float[]> values() {
      return network.parameters().stream()
          .map(spec -> Objects.requireNonNull(values.get(spec.id())).clone())
          .toList();
    }
  }

  /** Reads a recipe's file; throws {@link InvalidConfigException} listing all problems. */
  public static ImportedNetwork read(ModelConfig.Onnx model, ImageShape input, int classes) {
    Path file = present(model.file());
    try {
      model.sha256().ifPresent(expected -> requireDigest(file, expected));
      Unfolding unfolding = new Unfolding(HeapRoom.ofProcess(), Unfolding.MOST_VALUES);
      return translate(OnnxReader.read(file, unfolding), input, classes, unfolding);
    } catch (GraphException e) {
      throw new InvalidConfigException(
          e.problems().stream().map(problem -> problem(file, problem)).toList());
    } catch (IOException e) {
      throw new InvalidConfigException(List.of(problem(file, "must be readable: " + e)));
    }
  }

  /** SHA-256 of the file; throws {@link InvalidConfigException} if it cannot be read. */
  public static String digest(ModelConfig.Onnx model) {
    try {
      return Sha256.ofFile(present(model.file()));
    } catch (IOException e) {
      throw new InvalidConfigException(List.of(problem(model.file(), "must be readable: " + e)));
    }
  }

  static ImportedNetwork translate(
      OnnxGraph graph, ImageShape input, int classes, Unfolding unfolding) {
    GraphDraft draft = new GraphDraft(input, unfolding);
    Translation translation = new Translation(graph, draft, example(graph, draft));
    ConvertedValue output = translation.run();
    if (output instanceof Probabilities probabilities) {
      output = probabilities.logits();
    }
    if (!(output instanceof Signal signal)) {
      throw new GraphException("its output must depend on the example: output=" + graph.output());
    }
    requireClasses(signal, classes);
    return draft.upTo(end(translation, draft, signal));
  }

  /** The example in the file's layout: images, channels first or last, or flat. */
  private static Signal example(OnnxGraph graph, GraphDraft draft) {
    TensorShape shape = draft.shape(Network.INPUT);
    Signal images =
        new Signal(Network.INPUT, shape.dimensions(), TopologicalOrder.plain(shape.size()));
    Optional<List<Long>> declared =
        graph.inputDimensions().map(all -> all.subList(Math.min(1, all.size()), all.size()));
    if (declared.isEmpty() || fits(declared.get(), shape.dimensions())) {
      return images;
    }
    List<Integer> last = TopologicalOrder.channelsLast(shape.dimensions());
    if (fits(declared.get(), last)) {
      return new Signal(Network.INPUT, last, TopologicalOrder.channelsLast(shape));
    }
    if (fits(declared.get(), List.of(shape.size()))) {
      return images.seenAs(List.of(shape.size()));
    }
    boolean grey = shape.channels() == 1;
    if (grey && fits(declared.get(), shape.dimensions().subList(1, 3))) {
      return images.seenAs(shape.dimensions().subList(1, 3));
    }
    throw new GraphException(
        "its input must fit the data: input=%s, data=%s, or %s flat"
            .formatted(shown(graph.inputDimensions().orElseThrow()), shape, shape.size()));
  }

  private static boolean fits(List<Long> declared, List<Integer> dimensions) {
    if (declared.size() != dimensions.size()) {
      return false;
    }
    for (int i = 0; i < declared.size(); i++) {
      if (declared.get(i) >= 0 && declared.get(i) != (long) dimensions.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static String shown(List<Long> dimensions) {
    return dimensions.stream()
        .map(length -> length < 0 ? "?" : length.toString())
        .collect(Collectors.joining("×"));
  }

  private static void requireClasses(Signal signal, int classes) {
    int outputs = signal.dimensions().stream().reduce(1, Math::multiplyExact);
    if (outputs != classes || !signal.order().isPlain()) {
      throw new GraphException(
          "its output must be one value per class of the data: output=%s, classes=%d"
              .formatted(signal.dimensions(), classes));
    }
  }

  /** The last node: the vector of logits, with pending numbers applied. */
  private static String end(Translation translation, GraphDraft draft, Signal signal) {
    String node = signal.node();
    if (!draft.shape(node).isVector()) {
      node = draft.add(translation.names().of("flatten"), Layer.flatten(), node);
    }
    if (!signal.isPlain()) {
      Layer affine = Layer.affine((float) signal.scale(), (float) signal.shift());
      node = draft.add(translation.names().of("affine"), affine, node);
    }
    return node;
  }

  private static Path present(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidConfigException(
          List.of(
              problem(
                  file,
                  Files.exists(file)
                      ? "must be a file: it is a directory"
                      : "must exist: no such file; put it there, or name another under " + KEY)));
    }
    return file;
  }

  private static void requireDigest(Path file, String expected) {
    try {
      String found = Sha256.ofFile(file);
      if (!found.equals(expected)) {
        throw new InvalidConfigException(
            List.of(
                new Problem(
                    Optional.of(file.toString()),
                    "model.sha256",
                    "must be that of the file: sha256=%s, expected=%s; the file is not the one that the recipe was written for"
                        .formatted(found, expected))));
      }
    } catch (IOException e) {
      throw new InvalidConfigException(List.of(problem(file, "must be readable: " + e)));
    }
  }

  private static Problem problem(Path file, String message) {
    return new Problem(Optional.of(file.toString()), KEY, message);
  }
}
