package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.objective.Objectives;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters that {@code train.freeze} keeps as they are, or an objective of blocks. */
final class FrozenParameters {
  private static final String KEY = "train.freeze";

  private FrozenParameters() {}

  /**
   * @param trainsBeside whether a mask kind has values of its own to train
   */
  static Set<ParameterId> of(RunConfig config, Network network, boolean trainsBeside) {
    List<ParameterSpec> trained =
        network.parameters().stream().filter(parameter -> parameter.role().isTrained()).toList();
    Set<ParameterId> reached = reached(config, network, trained);
    ParameterGlobs globs = ParameterGlobs.of(KEY, config.train().step().freeze(), trained);
    Set<ParameterId> frozen =
        trained.stream()
            .map(ParameterSpec::id)
            .filter(id -> globs.match(id) || !reached.contains(id))
            .collect(Collectors.toUnmodifiableSet());
    if (frozen.size() == trained.size() && !trainsBeside) {
      throw InvalidConfigException.of(
          KEY, "must leave a parameter to train: freeze=" + config.train().step().freeze());
    }
    return frozen;
  }

  private static Set<ParameterId> reached(
      RunConfig config, Network network, List<ParameterSpec> trained) {
    Stream<ParameterSpec> all =
        Objectives.trainBlocks(config.train())
            ? ResidualUnit.of(network, Scope.BLOCKS).stream()
                .flatMap(block -> block.parameters().stream())
            : trained.stream();
    return all.map(ParameterSpec::id).collect(Collectors.toUnmodifiableSet());
  }
}
