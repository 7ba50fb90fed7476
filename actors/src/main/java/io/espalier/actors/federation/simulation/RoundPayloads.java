package io.espalier.actors.federation.simulation;

import io.espalier.actors.federation.session.Tiers;
import io.espalier.actors.federation.simulation.population.VirtualClient;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.NormEntries;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.course.FederatedCourse;
import io.espalier.trainer.federated.local.Materials;
import io.espalier.trainer.federated.payload.CandidatesPayload;
import io.espalier.trainer.federated.payload.NormsPayload;
import io.espalier.trainer.federated.payload.ValuesPayload;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server sends in one round, as bytes and as clients decode it; one copy for each density
 * tier, however many clients it has.
 */
final class RoundPayloads {
  private final Map<Double, Materials> materials = new HashMap<>();
  private final Map<Double, Long> bytes = new HashMap<>();
  private final long normsBytes;
  private final long candidatesBytes;
  private final int candidates;

  /**
   * The payloads of the course's next round.
   *
   * @param caps of the clients
   */
  RoundPayloads(
      PreparedFederation federation,
      FederatedCourse course,
      RoundWork work,
      Collection<Double> caps) {
    PreparedRun run = federation.values();
    List<MaskSet> choice = List.of();
    List<List<float[]>> norms = List.of();
    long choiceBytes = 0;
    long sentNorms = 0;
    if (!work.kind().trains()) {
      byte[] encoded = CandidatesPayload.encode(course.candidates());
      choice = CandidatesPayload.decode(encoded, run.layout(), run.prunableIds());
      choiceBytes = encoded.length;
    }
    if (work.kind() == RoundWork.Kind.MEASURE_LOSSES) {
      NormsPayload payload = new NormsPayload(new NormEntries(run.stateLayout()));
      byte[] encoded = payload.encode(course.candidateNorms());
      norms = payload.decode(encoded, choice.size());
      sentNorms = encoded.length;
    }
    Tiers tiers = new Tiers(run, course.model());
    ValuesPayload values = new ValuesPayload(run.stateLayout());
    MaskSet global = course.model().masks().masks();
    for (double cap : caps) {
      MaskSet masks = work.kind().trains() ? tiers.within(cap) : global;
      byte[] encoded = values.encode(course.model().state(), masks);
      materials.put(cap, new Materials(values.decode(encoded, masks), masks, choice, norms));
      bytes.put(cap, (long) encoded.length);
    }
    this.candidates = choice.size();
    this.candidatesBytes = choiceBytes;
    this.normsBytes = sentNorms;
  }

  /** What a client of a tier has in its hands. */
  Materials materials(VirtualClient client) {
    return tier(materials, client);
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

  private static <T> T tier(Map<Double, T> byCap, VirtualClient client) {
    T found = byCap.get(client.cap());
    if (found == null) {
      throw new IllegalStateException("a client must be of a tier: cap=" + client.cap());
    }
    return found;
  }
}
