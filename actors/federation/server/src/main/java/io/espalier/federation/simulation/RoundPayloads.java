package io.espalier.federation.simulation;

import io.espalier.federation.server.DeviceTier;
import io.espalier.federation.server.DeviceTiers;
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
import java.util.Objects;

/**
 * The payloads of one round, as bytes and as decoded by clients; one copy for each tier, however
 * many clients it has.
 */
final class RoundPayloads {
  private final Map<DeviceTier, ClientMaterials> materials = new HashMap<>();
  private final Map<DeviceTier, Long> bytes = new HashMap<>();
  private final DeviceTiers tiers;
  private final long normsBytes;
  private final long candidatesBytes;

  /** The payloads of the course's next round, for all tiers. */
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
    this.tiers = new DeviceTiers(networks, course.model());
    for (DeviceTier tier : all) {
      RoundPayload values =
          new RoundPayload(networks.at(tier.width()).federation().values().stateLayout());
      MaskSet masks = tiers.masks(work, tier);
      byte[] encoded = values.encodeValues(tiers.values(tier.width()), masks);
      materials.put(
          tier, new ClientMaterials(values.decodeValues(encoded, masks), masks, choice, norms));
      bytes.put(tier, (long) encoded.length);
    }
    this.candidatesBytes = choiceBytes;
    this.normsBytes = sentNorms;
  }

  ClientMaterials materials(VirtualClient client) {
    return Objects.requireNonNull(materials.get(client.tier()));
  }

  /** The work of a client: one that holds only a part of the masks proposes nothing. */
  RoundWork work(VirtualClient client, RoundWork work) {
    return tiers.isWhole(client.tier()) ? work : work.withoutProposals();
  }

  TrainingState start(VirtualClient client) {
    return tiers.values(client.tier().width());
  }

  /** Bytes beside the masks; {@code prepared} clients have earlier values and candidates. */
  long bytes(VirtualClient client, boolean prepared) {
    return normsBytes
        + (prepared ? 0 : candidatesBytes + Objects.requireNonNull(bytes.get(client.tier())));
  }
}
