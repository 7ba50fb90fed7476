package io.espalier.trainer.step;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.ParameterId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One optimizer step as rules see it; its buffers are valid during the call only.
 *
 * @param completed steps of the run before this one; in a federation, rounds
 * @param rate learning rate
 * @param pass forward and backward passes of this step before the last one, from 0
 * @param parameters that are trained, in network order
 */
public record Step(long completed, double rate, int pass, List<TrainedParameter> parameters)
    implements PluginCall.Subject {
  public Step {
    parameters = List.copyOf(parameters);
  }

  @Override
  public String subject() {
    return "step " + completed;
  }

  /** The parameters that masks may prune. */
  public List<TrainedParameter> prunable() {
    return parameters.stream().filter(parameter -> parameter.kept().isPresent()).toList();
  }

  Map<ParameterId, TrainedParameter> byId() {
    return parameters.stream()
        .collect(Collectors.toMap(parameter -> parameter.shape().id(), Function.identity()));
  }
}
