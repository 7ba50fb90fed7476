package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** How a ranking becomes kept units. Deterministic. */
public interface Selection {
  /**
   * The kept candidates of each parameter, {@code kept} of them in all.
   *
   * @param counts what the allocation gives each parameter; their sum is {@code kept}
   */
  List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts);
}
