package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.network.Network;

/** Layers that are not computed on kept weights alone. */
public final class EngineOnlyLayers {
  private EngineOnlyLayers() {}

  /** Refuses to compute a network with such a layer without the engine. */
  public static void refuse(Network network) {
    network
        .engineOnly()
        .ifPresent(
            node -> {
              throw InvalidConfigException.of(
                  "train.execution",
                  "must be engine for a network with this layer, because only the engine computes it: execution=sparse, node=%s, layer=%s; leave train.execution away"
                      .formatted(node.name(), node.layer()));
            });
  }
}
