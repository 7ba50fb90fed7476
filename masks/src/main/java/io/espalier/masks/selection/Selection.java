package io.espalier.masks.selection;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Groups;
import java.util.List;
import java.util.function.Supplier;

/** How a ranking becomes kept units. Deterministic. */
public interface Selection {
  /**
   * Returns the selection in a network whose channels are in these groups, which are made only if
   * it asks; by default itself.
   */
  @PluginCall(value = "look at the network", prepares = true)
  default Selection in(Supplier<Groups> groups) {
    return this;
  }

  /**
   * The kept candidates of each parameter, {@code kept} of them in all.
   *
   * @param counts what the allocation gives each parameter; their sum is {@code kept}
   */
  @PluginCall("choose what stays")
  List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts);
}
