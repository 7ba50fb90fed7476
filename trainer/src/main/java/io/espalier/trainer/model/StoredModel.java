package io.espalier.trainer.model;

import io.espalier.configs.RunConfig;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.stored.StoredNetwork;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
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
    StoredNetwork.requireTensors(path, tensors, network, description.model());
    return new LoadedModel(this, network, config.data().source(), config.train());
  }
}
