package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.NamePattern;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

final class StoredWeights {
  static final String KEY = "model.weights";

  private final WeightsConfig config;
  private final Map<String, StoredTensor> tensors;

  private StoredWeights(WeightsConfig config, Map<String, StoredTensor> tensors) {
    this.config = config;
    this.tensors = tensors;
  }

  static StoredWeights read(WeightsConfig config) {
    config.sha256().ifPresent(expected -> requireDigest(config, expected));
    try {
      return new StoredWeights(config, SparseFile.readDense(present(config)).tensors());
    } catch (MalformedFileException e) {
      throw InvalidConfigException.of(KEY, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw problem(config, "must be readable: " + FileCause.of(e));
    }
  }

  static String digest(WeightsConfig config) {
    try {
      return Sha256.ofFile(present(config));
    } catch (IOException e) {
      throw problem(config, "must be readable: " + FileCause.of(e));
    }
  }

  /**
   * Row-major values of every parameter, in network order.
   *
   * @param noticed receives a sentence if the last layer is drawn because it has other classes
   */
  List<float[]> valuesOf(Network network, InitialDraw initial, Consumer<String> noticed) {
    WeightMatching matching =
        new WeightMatching(config, new LinkedHashMap<>(tensors), head(network));
    List<NamePattern> draw = NamePattern.all(config.draw());
    List<ParameterSpec> parameters = network.parameters();
    List<float[]> values = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      ParameterSpec parameter = parameters.get(i);
      Optional<float[]> stored =
          NamePattern.anyMatches(draw, parameter.id().name())
              ? matching.leave(parameter)
              : matching.take(parameter);
      int index = i;
      values.add(stored.orElseGet(() -> initial.values(parameter, index)));
    }
    matching.verify(parameters);
    matching.otherClasses().entrySet().stream()
        .findFirst()
        .ifPresent(
            other ->
                noticed.accept(
                    "%s has %d classes in %s and %d here: the last layer is drawn, not read"
                        .formatted(
                            other.getKey(), other.getValue(), config.file(), network.outputs())));
    return values;
  }

  /** The last weight and its bias, if their outputs are the classes. */
  private static Set<ParameterId> head(Network network) {
    List<ParameterSpec> parameters = network.parameters();
    int last = parameters.size() - 1;
    while (last >= 0 && parameters.get(last).role() != Role.WEIGHT) {
      last--;
    }
    return parameters.subList(Math.max(0, last), parameters.size()).stream()
        .filter(each -> each.role() == Role.WEIGHT || each.role() == Role.BIAS)
        .filter(each -> each.shape().dimensions().get(0) == network.outputs())
        .map(ParameterSpec::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Path present(WeightsConfig config) {
    Path file = config.file();
    FileCause.denied(file)
        .ifPresent(
            denied -> {
              throw problem(config, "must be readable: " + denied);
            });
    if (!Files.exists(file)) {
      throw problem(config, "must exist: no such file; put it there, or name another under " + KEY);
    }
    if (Files.isDirectory(file)) {
      throw problem(
          config, "must be a file: it is a directory; of a run, name its model.safetensors");
    }
    if (!Files.isRegularFile(file)) {
      throw problem(config, "must be a regular file, or a link to one; name another under " + KEY);
    }
    return file;
  }

  private static void requireDigest(WeightsConfig config, String expected) {
    String found = digest(config);
    if (!found.equals(expected)) {
      throw new InvalidConfigException(
          List.of(
              new Problem(
                  Optional.of(config.file().toString()),
                  KEY + ".sha256",
                  "must be that of the file: sha256=%s, expected=%s; the file is not the one that the recipe was written for"
                      .formatted(found, expected))));
    }
  }

  private static InvalidConfigException problem(WeightsConfig config, String rule) {
    return new InvalidConfigException(
        List.of(new Problem(Optional.of(config.file().toString()), KEY, rule)));
  }
}
