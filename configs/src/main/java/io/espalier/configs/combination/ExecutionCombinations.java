package io.espalier.configs.combination;

import static io.espalier.configs.combination.CourseCombinations.OBJECTIVE;
import static io.espalier.configs.combination.FederationCombinations.SCALER;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Lists what sparse execution can compute. */
final class ExecutionCombinations {
  private static final String EXECUTION = "train.execution";
  private static final String OTHERWISE = "leave train.execution away";

  /** Known once the network is laid out. */
  static final Combination LAYERS =
      Combination.titled("Sparse execution computes layers that have a sparse form")
          .of(EXECUTION, "model")
          .because("that layer has no sparse form")
          .instead(OTHERWISE + ", so that the engine computes the network");

  private ExecutionCombinations() {}

  static List<Combination> all() {
    return List.of(
        Combination.titled("Sparse execution trains whole networks")
            .of(EXECUTION, OBJECTIVE)
            .because("its gradients go through all layers, and do not end at blocks")
            .instead(OTHERWISE + ", or name another train.objective")
            .require(
                engineUnless(choices -> !choices.trainsBlocks()),
                ExecutionCombinations::chosen,
                choices ->
                    "engine with train.objective = "
                        + choices.run().train().loss().objective().name()),
        Combination.titled("Sparse execution has no scaled weights")
            .of(EXECUTION, SCALER)
            .because("the engine multiplies those of narrow networks as it reads them")
            .instead(OTHERWISE + ", or federation.scaler")
            .require(
                engineUnless(choices -> !FederationCombinations.scales(choices)),
                ExecutionCombinations::chosen,
                choices -> "engine with federation.scaler = true"),
        Combination.titled("Sparse execution has optimizers that change each weight by itself")
            .of(EXECUTION, "train.optimizer")
            .because("it has kept weights only, and this optimizer looks at whole tensors")
            .instead(OTHERWISE + ", or name another train.optimizer")
            .require(
                engineUnless(Choices::updatesElements),
                ExecutionCombinations::chosen,
                choices ->
                    "engine with train.optimizer = "
                        + choices
                            .chosen(PluginKind.OPTIMIZER)
                            .map(MemberSettings::name)
                            .orElse("")),
        LAYERS);
  }

  private static Predicate<Choices> engineUnless(Predicate<Choices> computes) {
    return computes.or(
        choices -> choices.run().train().compute().execution() != ExecutionConfig.JAVA);
  }

  private static Object chosen(Choices choices) {
    return choices.run().train().compute().execution().name().toLowerCase(Locale.ROOT);
  }
}
