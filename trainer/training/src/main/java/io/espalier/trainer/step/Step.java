package io.espalier.trainer.step;

import io.espalier.configs.plugin.PluginCall;
import java.util.List;

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
}
