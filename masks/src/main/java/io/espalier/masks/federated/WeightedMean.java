package io.espalier.masks.federated;

import java.util.ArrayList;
import java.util.List;

/**
 * The mean weighted by the clients' weights ("Communication-efficient learning of deep networks
 * from decentralized data", McMahan et al., 2017), over those that hold each unit: see {@link
 * MaskAwareMean}. One false update can move it anywhere.
 *
 * <p>Holds the values of one client and one parameter at a time.
 */
public record WeightedMean() implements Aggregation {
  @Override
  public List<float[]> merge(ClientUpdates updates, List<float[]> unchanged) {
    List<float[]> merged = new ArrayList<>();
    for (int p = 0; p < unchanged.size(); p++) {
      MaskAwareMean mean = new MaskAwareMean(unchanged.get(p).length);
      for (int client : ClientWeights.voters(updates)) {
        mean.add(updates.values(client, p), updates.holds(client, p), updates.weight(client));
      }
      merged.add(mean.merge(unchanged.get(p)));
    }
    return merged;
  }
}
