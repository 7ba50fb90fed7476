package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.state.StateAccess;
import java.util.List;

/**
 * The inputs of a client's work.
 *
 * @param values of the global network
 * @param masks that the client works under
 * @param candidates to be measured; empty where the work is to train
 * @param norms of each candidate, where losses are measured under them
 */
public record ClientMaterials(
    StateAccess values, MaskSet masks, List<MaskSet> candidates, List<List<float[]>> norms) {
  public ClientMaterials {
    candidates = List.copyOf(candidates);
    norms = List.copyOf(norms);
  }

  public static ClientMaterials toTrain(StateAccess values, MaskSet masks) {
    return new ClientMaterials(values, masks, List.of(), List.of());
  }
}
