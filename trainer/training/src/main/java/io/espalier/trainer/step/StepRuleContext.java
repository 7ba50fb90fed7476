package io.espalier.trainer.step;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.schedule.ScheduleClock;
import io.espalier.masks.structure.Groups;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a rule may know of the run that it acts in. Its network is the one at hand: smaller once
 * channels are cut, and then the rules are made anew.
 *
 * @param clock counts steps, in a federation rounds; it has the sparsity that the run ends with
 * @param parameters of the network, in its order
 * @param groups channels that go together; computed when they are asked for
 * @param prunesWeights whether the plan prunes single weights or blocks of them, not channels
 */
public record StepRuleContext(
    ScheduleClock clock,
    List<ParameterSpec> parameters,
    Supplier<Groups> groups,
    boolean prunesWeights) {
  public StepRuleContext {
    parameters = List.copyOf(parameters);
  }

  public boolean has(Role role) {
    return parameters.stream().anyMatch(parameter -> parameter.role() == role);
  }

  /** Returns the exception that refuses a rule which cannot act in this run. */
  public static InvalidConfigException refusal(String rule, String reason) {
    return InvalidConfigException.of(PluginKind.RULE.path(), rule + " " + reason);
  }
}
