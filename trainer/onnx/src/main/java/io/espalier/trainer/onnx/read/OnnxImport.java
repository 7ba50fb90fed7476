package io.espalier.trainer.onnx.read;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Probabilities;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Imports ONNX networks; a final softmax is dropped: networks are trained on logits. */
public final class OnnxImport {
  private static final String KEY = "model.file";

  private OnnxImport() {}

  /**
   * Reads a recipe's file; throws {@link InvalidConfigException} listing all problems.
   *
   * @param padding the token that fills texts up; empty for data without one
   */
  public static ImportedNetwork read(
      ModelConfig.Onnx model, ImageShape input, int classes, OptionalInt padding) {
    Path file = present(model.file());
    try {
      model.sha256().ifPresent(expected -> requireDigest(file, expected));
      Unfolding unfolding = new Unfolding(HeapRoom.ofProcess(), Unfolding.MOST_VALUES);
      OnnxGraph graph = OnnxReader.read(file, model.output(), unfolding);
      return translate(graph, input, padding, output(model, classes), unfolding);
    } catch (GraphException e) {
      throw new InvalidConfigException(
          e.problems().stream().map(problem -> problem(file, problem)).toList());
    } catch (IOException e) {
      throw new InvalidConfigException(
          List.of(problem(file, "must be readable: " + FileCause.of(e))));
    }
  }

  /** SHA-256 of the file; throws {@link InvalidConfigException} if it cannot be read. */
  public static String digest(ModelConfig.Onnx model) {
    try {
      return Sha256.ofFile(present(model.file()));
    } catch (IOException e) {
      throw new InvalidConfigException(
          List.of(problem(model.file(), "must be readable: " + FileCause.of(e))));
    }
  }

  private static NetworkEnd output(ModelConfig.Onnx model, int classes) {
    return model.head() == ModelConfig.Head.LINEAR
        ? new NetworkEnd.LinearHead(classes)
        : new NetworkEnd.Classes(classes);
  }

  static ImportedNetwork translate(
      OnnxGraph graph, ImageShape input, int classes, Unfolding unfolding) {
    NetworkEnd end = new NetworkEnd.Classes(classes);
    return translate(graph, input, OptionalInt.empty(), end, unfolding);
  }

  static ImportedNetwork translate(
      OnnxGraph graph, ImageShape input, OptionalInt padding, NetworkEnd end, Unfolding unfolding) {
    GraphDraft draft = new GraphDraft(input, unfolding);
    Map<String, ConvertedValue> inputs = new HashMap<>();
    inputs.put(graph.input(), example(graph, draft));
    graph.encoderInputs().forEach((name, kind) -> inputs.put(name, kind.value(input.size())));
    Translation translation = new Translation(graph, draft, inputs, padding);
    ConvertedValue output = translation.run();
    if (output instanceof Probabilities probabilities) {
      output = probabilities.logits();
    }
    if (!(output instanceof Signal signal)) {
      throw new GraphException(
          "its output must be values of the example, not constants or a part of a layer: output="
              + graph.output());
    }
    ImportedNetwork network = end.of(new OutputSignal(translation, signal));
    if ((graph.readsWholes() || translation.readsWholes())
        && !network.network().tokens().isPresent()) {
      throw new GraphException(
          "an input of whole numbers must be read as tokens that choose rows of a table: input="
              + graph.input());
    }
    return network;
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

  private static Path present(Path file) {
    FileCause.denied(file)
        .ifPresent(
            denied -> {
              throw new InvalidConfigException(
                  List.of(problem(file, "must be readable: " + denied)));
            });
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
      throw new InvalidConfigException(
          List.of(problem(file, "must be readable: " + FileCause.of(e))));
    }
  }

  private static Problem problem(Path file, String message) {
    return new Problem(Optional.of(file.toString()), KEY, message);
  }
}
