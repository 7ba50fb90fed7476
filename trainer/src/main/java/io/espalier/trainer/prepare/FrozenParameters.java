package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters that {@code train.freeze} keeps as they are. */
final class FrozenParameters {
  private static final String KEY = "train.freeze";

  private FrozenParameters() {}

  /**
   * @param trainsBeside whether a mask kind has values of its own to train
   */
  static Set<ParameterId> of(
      RunConfig config, List<ParameterSpec> parameters, boolean trainsBeside) {
    List<ParameterSpec> trained =
        parameters.stream().filter(parameter -> parameter.role().isTrained()).toList();
    ParameterGlobs globs = ParameterGlobs.of(KEY, config.train().freeze(), trained);
    Set<ParameterId> frozen =
        trained.stream()
            .map(ParameterSpec::id)
            .filter(globs::match)
            .collect(Collectors.toUnmodifiableSet());
    if (frozen.size() == trained.size() && !trainsBeside) {
      throw InvalidConfigException.of(
          KEY, "must leave a parameter to train: freeze=" + config.train().freeze());
    }
    return frozen;
  }
}
