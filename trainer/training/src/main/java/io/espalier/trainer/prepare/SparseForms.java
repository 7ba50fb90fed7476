package io.espalier.trainer.prepare;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.combination.Combinations;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.network.Network;

/** Checks what sparse execution asks of the layers of a network. */
final class SparseForms {
  private SparseForms() {}

  /**
   * Requires a sparse form of each layer where the recipe demands sparse execution.
   *
   * @throws InvalidConfigException if a layer has none
   */
  static void require(RunConfig config, Network network) {
    if (config.train().compute().execution() == ExecutionConfig.JAVA) {
      RunExecution.require(config);
      BackEnds.of(Execution.JAVA)
          .missing(network)
          .ifPresent(
              node -> {
                throw Combinations.SPARSE_LAYERS.refusal(
                    "java",
                    "engine where the network has %s (%s)".formatted(node.layer(), node.name()));
              });
    }
  }
}
