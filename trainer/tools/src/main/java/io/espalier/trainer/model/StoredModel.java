package io.espalier.trainer.model;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.KeptTensor;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.stored.StoredNetwork;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

public record StoredModel(
    Path path, Map<String, KeptTensor> tensors, ModelDescription description) {
  public StoredModel {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Rebuilds the network, to compute with kept weights only if the file holds these alone or the
   * run trained so from the start, else on the engine.
   */
  public LoadedModel load(RunConfig config) throws MalformedFileException {
    boolean packed = tensors.values().stream().anyMatch(tensor -> !tensor.isWhole());
    boolean trained = config.train().compute().execution() == ExecutionConfig.JAVA;
    return load(config, packed || trained ? Execution.JAVA : Execution.ENGINE);
  }

  private Network network(RunConfig config) {
    return description
        .network()
        .orElseGet(
            () ->
                Network.of(
                    config.model().architecture(),
                    description.format().input(),
                    description.format().classNames().size()));
  }

  /** Rebuilds the network; names every tensor that is missing, extra, misshapen or not finite. */
  public LoadedModel load(RunConfig config, Execution execution) throws MalformedFileException {
    Network network = network(config);
    StoredNetwork.requireTensors(path, tensors, network, description.origin().model());
    return new LoadedModel(this, network, config.data().source(), config.train(), execution);
  }

  KeptTensor tensor(ParameterId id) {
    return Objects.requireNonNull(tensors.get(id.name()));
  }

  /** The units of weights that have a value. */
  Map<ParameterId, Mask> masks(Network network) {
    return network.parameters().stream()
        .filter(spec -> spec.shape().rank() > 1)
        .map(ParameterSpec::id)
        .collect(Collectors.toMap(Function.identity(), id -> tensor(id).mask()));
  }
}
