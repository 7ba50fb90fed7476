package io.espalier.trainer.stored;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.file.FileCause;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.BlockValues;
import io.espalier.trainer.objective.Teacher;
import io.espalier.trainer.objective.Teachers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A model file as a teacher, on the engine. Confined to one thread. */
public final class StoredTeacher implements Teacher {
  private final FixedNetwork network;
  private final ImageShape input;
  private final Optional<Renormalization> renormalization;

  private StoredTeacher(StoredNetwork stored, Network known, Dataset data) {
    renormalization = Renormalization.between(data.normalization(), stored.normalization());
    input = stored.input();
    network =
        FixedNetworks.onEngine()
            .open(
                known,
                id ->
                    Objects.requireNonNull(stored.tensors().get(id.name())).dense().toFloatArray());
  }

  /** Opens teachers of a run's inputs and classes. */
  public static Teachers of(Dataset data) {
    return (key, file, sha256) -> {
      Verified verified = verified(key, file, sha256, data);
      return new StoredTeacher(verified.stored(), verified.network(), data);
    };
  }

  /** Refuses what cannot teach, and opens nothing. */
  public static Teachers verifying(Dataset data) {
    return (key, file, sha256) -> {
      return new Unopened(file, verified(key, file, sha256, data).network());
    };
  }

  /** The digest that a recipe can pin. */
  public static String digest(String key, Path file) {
    try {
      return Sha256.ofFile(present(key, file));
    } catch (IOException e) {
      throw problem(key, file, "must be readable: " + FileCause.of(e));
    }
  }

  private record Unopened(Path file, Network known) implements Teacher {
    @Override
    public float[] logits(float[] inputs, int rows) {
      throw new IllegalStateException("no teacher was opened: file=" + file);
    }

    @Override
    public Optional<Network> network() {
      return Optional.of(known);
    }
  }

  @Override
  public float[] logits(float[] inputs, int rows) {
    return network.logits(own(inputs), rows / network.network().positions());
  }

  @Override
  public List<float[]> blocks(float[] inputs, List<BlockValues> of) {
    return network.blocks(own(inputs), inputs.length / input.size(), of);
  }

  private float[] own(float[] inputs) {
    return renormalization.map(change -> change.of(inputs, input)).orElse(inputs);
  }

  @Override
  public Optional<Network> network() {
    return Optional.of(network.network());
  }

  @Override
  public void close() {
    network.close();
  }

  private record Verified(StoredNetwork stored, Network network) {}

  private static Verified verified(String key, Path file, Optional<String> sha256, Dataset data) {
    sha256.ifPresent(expected -> requireDigest(key, file, expected));
    try {
      StoredNetwork stored = StoredNetwork.read(present(key, file));
      requireFit(key, stored, data);
      Network network =
          stored
              .network()
              .orElseThrow(
                  () ->
                      problem(
                          key, file, "must describe its network: it is of a version without that"));
      StoredNetwork.requireTensors(file, stored.tensors(), network, "its network");
      return new Verified(stored, network);
    } catch (MalformedFileException e) {
      throw InvalidConfigException.of(key, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw problem(key, file, "must be readable: " + FileCause.of(e));
    }
  }

  private static void requireFit(String key, StoredNetwork stored, Dataset data) {
    require(key, stored, "inputs", data.input(), stored.input());
    require(key, stored, "columns", data.columns(), stored.columns());
    require(
        key,
        stored,
        "encoding",
        data.encoding().map(InputEncoding::toJson),
        stored.encoding().map(InputEncoding::toJson));
    require(key, stored, "classes", data.classNames(), stored.classNames());
    stored
        .network()
        .ifPresent(
            network -> {
              require(key, stored, "inputs", data.input(), network.input());
              require(key, stored, "outputs", data.classes(), network.outputs());
              require(key, stored, "positions", data.train().positions(), network.positions());
            });
  }

  private static void require(
      String key, StoredNetwork stored, String what, Object run, Object teacher) {
    if (!run.equals(teacher)) {
      throw problem(
          key,
          stored.path(),
          "must have the %s of the run's data: teacher=%s, data=%s; train it on the same data"
              .formatted(what, teacher, run));
    }
  }

  private static void requireDigest(String key, Path file, String expected) {
    String found = digest(key, file);
    if (!found.equals(expected)) {
      throw problem(
          key,
          file,
          "must be the one that the recipe was written for: sha256=%s, expected=%s"
              .formatted(found, expected));
    }
  }

  private static Path present(String key, Path file) {
    FileCause.denied(file)
        .ifPresent(
            denied -> {
              throw problem(key, file, "must be readable: " + denied);
            });
    if (!Files.isRegularFile(file)) {
      throw problem(
          key, file, "must be a file: there is none; of a run, name its model.safetensors");
    }
    return file;
  }

  private static InvalidConfigException problem(String key, Path file, String rule) {
    return new InvalidConfigException(
        List.of(new Problem(Optional.of(file.toString()), key, rule)));
  }
}
