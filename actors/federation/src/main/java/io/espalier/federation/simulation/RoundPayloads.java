package io.espalier.federation.simulation;

import io.espalier.federation.round.DeviceTier;
import io.espalier.federation.round.DeviceTiers;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.TrainingState;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server sends in one round, as bytes and as clients decode it; one copy for each tier,
 * however many clients it has.
 */
final class RoundPayloads {
  private final Map<DeviceTier, ClientMaterials> materials = new HashMap<>();
  private final Map<DeviceTier, Long> bytes = new HashMap<>();
  private final DeviceTiers tiers;
  private final long normsBytes;
  private final long candidatesBytes;
  private final int candidates;

  /**
   * The payloads of the course's next round.
   *
   * @param networks of the federation
   * @param all of the clients
   */
  RoundPayloads(
      NestedNetworks networks, FederatedCourse course, RoundWork work, Collection<DeviceTier> all) {
    PreparedRun run = networks.whole().federation().values();
    List<MaskSet> choice = List.of();
    List<List<float[]>> norms = List.of();
    long choiceBytes = 0;
    long sentNorms = 0;
    if (!work.kind().trains()) {
      byte[] encoded = RoundPayload.encodeCandidates(course.candidates());
      choice = RoundPayload.decodeCandidates(encoded, run.layout(), run.prunableIds());
      choiceBytes = encoded.length;
    }
    if (work.kind() == RoundWork.Kind.MEASURE_LOSSES) {
      RoundPayload payload = new RoundPayload(run.stateLayout());
      byte[] encoded = payload.encodeNorms(course.candidateNorms());
      norms = payload.decodeNorms(encoded, choice.size());
      sentNorms = encoded.length;
    }
    DeviceTiers tiers = new DeviceTiers(networks, course.model());
    for (DeviceTier tier : all) {
      RoundPayload values =
          new RoundPayload(networks.at(tier.width()).federation().values().stateLayout());
      MaskSet masks = work.kind().trains() ? tiers.within(tier) : tiers.masks(tier.width());
      byte[] encoded = values.encodeValues(tiers.values(tier.width()), masks);
      materials.put(
          tier, new ClientMaterials(values.decodeValues(encoded, masks), masks, choice, norms));
      bytes.put(tier, (long) encoded.length);
    }
    this.tiers = tiers;
    this.candidates = choice.size();
    this.candidatesBytes = choiceBytes;
    this.normsBytes = sentNorms;
  }

  /** What a client of a tier has in its hands. */
  ClientMaterials materials(VirtualClient client) {
    return tier(materials, client);
  }

  /** What a client does: who holds only a part of the masks proposes nothing. */
  RoundWork work(VirtualClient client, RoundWork work) {
    return tiers.isWhole(client.tier()) ? work : work.withoutProposals();
  }

  /** The state that a client's result changes. */
  TrainingState start(VirtualClient client) {
    return tiers.values(client.tier().width());
  }

  /** Candidate masks of the round; 0 if it trains. */
  int candidates() {
    return candidates;
  }

  /**
   * What a client downloads beside its masks.
   *
   * @param prepared whether it has values and candidates from the round before
   */
  long bytes(VirtualClient client, boolean prepared) {
    return normsBytes + (prepared ? 0 : candidatesBytes + tier(bytes, client));
  }

  private static <T> T tier(Map<DeviceTier, T> byTier, VirtualClient client) {
    T found = byTier.get(client.tier());
    if (found == null) {
      throw new IllegalStateException("a client must be of a tier: tier=" + client.tier());
    }
    return found;
  }
}
