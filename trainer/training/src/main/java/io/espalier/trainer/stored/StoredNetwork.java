package io.espalier.trainer.stored;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.KeptTensor;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a model file, and the inputs and classes that they are for.
 *
 * @param columns names of a table's inputs; empty for images
 * @param encoding how rows or image files become inputs; empty for other data and old files
 * @param classNames in the order of the outputs
 * @param network as executed; empty in old files, which use the recipe's network
 */
public record StoredNetwork(
    Path path,
    Map<String, KeptTensor> tensors,
    Metadata metadata,
    ImageShape input,
    List<String> columns,
    Optional<InputEncoding> encoding,
    List<String> classNames,
    Normalization normalization,
    Optional<Network> network) {
  public static final String FORMAT = "espalier-model-1";
  public static final String INPUT = "input";
  public static final String COLUMNS = "columns";
  public static final String ENCODING = "encoding";
  public static final String CLASS_NAMES = "classNames";
  public static final String NORMALIZATION = "normalization";
  public static final String NETWORK = "network";

  public StoredNetwork {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    columns = List.copyOf(columns);
    classNames = List.copyOf(classNames);
  }

  public static StoredNetwork read(Path path) throws IOException {
    SparseFile.Content file = SparseFile.read(path);
    Metadata metadata = Metadata.of(file.metadata());
    if (!metadata.hasFormat(FORMAT)) {
      throw new MalformedFileException(
          path,
          "must have the metadata of an Espalier model to be used as one: format=%s, expected=%s; its tensors can still be inspected"
              .formatted(file.metadata().getOrDefault(Metadata.FORMAT, "none"), FORMAT));
    }
    try {
      return of(path, file.tensors(), metadata);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static StoredNetwork of(Path path, Map<String, KeptTensor> tensors, Metadata metadata) {
    return new StoredNetwork(
        path,
        tensors,
        metadata,
        shape(metadata.json(INPUT, new TypeReference<List<Integer>>() {})),
        metadata.json(COLUMNS, new TypeReference<List<String>>() {}),
        Optional.ofNullable(metadata.texts().get(ENCODING)).map(InputEncoding::parse),
        metadata.json(CLASS_NAMES, new TypeReference<List<String>>() {}),
        Normalization.ofMap(
            metadata.json(NORMALIZATION, new TypeReference<Map<String, Object>>() {})),
        Optional.ofNullable(metadata.texts().get(NETWORK)).map(Network::parse));
  }

  private static ImageShape shape(List<Integer> sides) {
    if (sides.size() != 3) {
      throw new IllegalArgumentException(
          "an input must have channels, height and width: input=" + sides);
    }
    return new ImageShape(sides.get(0), sides.get(1), sides.get(2));
  }

  /** Refuses other tensors than the network's: names all that are missing, extra or misshapen. */
  public static void requireTensors(
      Path path, Map<String, KeptTensor> tensors, Network network, String model)
      throws MalformedFileException {
    List<String> problems = problems(tensors, network);
    if (!problems.isEmpty()) {
      throw new MalformedFileException(
          path, "tensors must be those of %s: %s".formatted(model, String.join("; ", problems)));
    }
  }

  private static List<String> problems(Map<String, KeptTensor> tensors, Network network) {
    List<String> problems = new ArrayList<>();
    Map<String, KeptTensor> foreign = new LinkedHashMap<>(tensors);
    for (ParameterSpec spec : network.parameters()) {
      String name = spec.id().name();
      KeptTensor tensor = foreign.remove(name);
      List<Integer> shape = spec.shape().dimensions();
      if (tensor == null) {
        problems.add("missing " + name + " " + shape);
      } else if (tensor.type() != StoredTensor.Type.F32 || !tensor.dimensions().equals(shape)) {
        problems.add(
            "%s is %s %s, not F32 %s".formatted(name, tensor.type(), tensor.dimensions(), shape));
      } else if (!tensor.isFinite()) {
        problems.add(name + " has values that are not finite numbers");
      }
    }
    foreign.forEach((name, tensor) -> problems.add("unknown " + name + " " + tensor.dimensions()));
    return problems;
  }
}
