package io.espalier.trainer.model;

import io.espalier.configs.RunConfig;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public record StoredModel(
    Path path, Map<String, StoredTensor> tensors, ModelDescription description) {
  public StoredModel {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Rebuilds the network; names every tensor that is missing, extra, misshapen or not finite. */
  public LoadedModel load(RunConfig config) throws MalformedFileException {
    Network network =
        description
            .network()
            .orElseGet(
                () ->
                    Network.of(
                        config.model().architecture(),
                        description.input(),
                        description.classNames().size()));
    List<String> problems = problems(network);
    if (!problems.isEmpty()) {
      throw new MalformedFileException(
          path,
          "tensors must be those of %s: %s"
              .formatted(description.model(), String.join("; ", problems)));
    }
    return new LoadedModel(this, network, config.data().source(), config.train().trainers());
  }

  private static boolean isFinite(StoredTensor tensor) {
    FloatBuffer values = tensor.floats();
    while (values.hasRemaining()) {
      if (!Float.isFinite(values.get())) {
        return false;
      }
    }
    return true;
  }

  private List<String> problems(Network network) {
    List<String> problems = new ArrayList<>();
    Map<String, StoredTensor> foreign = new LinkedHashMap<>(tensors);
    for (ParameterSpec spec : network.parameters()) {
      String name = spec.id().name();
      StoredTensor tensor = foreign.remove(name);
      List<Integer> shape = spec.shape().dimensions();
      if (tensor == null) {
        problems.add("missing " + name + " " + shape);
      } else if (tensor.type() != StoredTensor.Type.F32 || !tensor.dimensions().equals(shape)) {
        problems.add(
            "%s is %s %s, not F32 %s".formatted(name, tensor.type(), tensor.dimensions(), shape));
      } else if (!isFinite(tensor)) {
        problems.add(name + " has values that are not finite numbers");
      }
    }
    foreign.forEach((name, tensor) -> problems.add("unknown " + name + " " + tensor.dimensions()));
    return problems;
  }
}
