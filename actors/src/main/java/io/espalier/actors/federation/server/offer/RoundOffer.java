package io.espalier.actors.federation.server.offer;

import io.espalier.actors.federation.protocol.Payload;
import io.espalier.actors.federation.protocol.ProposalCount;
import io.espalier.actors.federation.protocol.Task;
import io.espalier.actors.federation.server.store.RoundStore;
import io.espalier.actors.federation.session.Tiers;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.quantization.ValueFormat;
import io.espalier.trainer.data.format.Sha256;
import io.espalier.trainer.federated.NormEntries;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.course.FederatedCourse;
import io.espalier.trainer.federated.payload.CandidatesPayload;
import io.espalier.trainer.federated.payload.NormsPayload;
import io.espalier.trainer.federated.payload.ResultWriter;
import io.espalier.trainer.federated.payload.ValuesPayload;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the clients of one round are asked to do, and the payloads that they download for it, each
 * written once, when the first client needs it.
 *
 * <p>{@link #payload} may be called by any thread, the rest by the owner.
 */
public final class RoundOffer {
  private final PreparedFederation federation;
  private final FederatedCourse course;
  private final RoundWork work;
  private final RoundStore store;
  private final MaskHistory history;
  private final Tiers tiers;
  private final StateLayout layout;
  private final ResultWriter results;
  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private final Map<Object, Payload> payloads = new HashMap<>();

  public RoundOffer(
      PreparedFederation federation,
      FederatedCourse course,
      RoundWork work,
      RoundStore store,
      MaskHistory history) {
    this.federation = federation;
    this.course = course;
    this.work = work;
    this.store = store;
    this.history = history;
    this.tiers = new Tiers(federation.values(), course.model());
    this.layout = federation.values().stateLayout();
    this.results = new ResultWriter(layout);
  }

  public RoundWork work() {
    return work;
  }

  /** What a client of this cap does: who holds only a part of the masks proposes nothing. */
  public RoundWork work(double cap) {
    return isWhole(cap) ? work : work.withoutProposals();
  }

  private boolean isWhole(double cap) {
    return holds(cap).equals(course.model().masks().masks());
  }

  /** The state that results change. */
  TrainingState start() {
    return course.model().state();
  }

  /** The masks that a client of this cap works under; dense ones while candidates are measured. */
  public MaskSet holds(double cap) {
    return work.kind().trains() ? tiers.within(cap) : course.model().masks().masks();
  }

  /** How clients send what they trained. */
  public ValueFormat format() {
    return ValueFormat.valueOf(federation.rounds().encoding().name());
  }

  /** Mask sets that are measured. */
  public int candidates() {
    return work.kind().trains() ? 0 : course.candidates().size();
  }

  /** The largest that a client's result can be. */
  public long largest(double cap) {
    return results.largest(work(cap), holds(cap), format(), candidates());
  }

  public String layoutDigest() {
    return federation.run().layout().digest();
  }

  public MaskVersion version() {
    return course.model().masks().masks().version();
  }

  /** The file of a digest, if it belongs to this round. */
  public Optional<Path> payload(String digest) {
    return Optional.ofNullable(files.get(digest));
  }

  /** What a client is asked to do, given what it holds. */
  public Task task(Attendee client) throws IOException {
    RoundWork own = work(client.densityCap());
    Task.Builder task =
        Task.newBuilder()
            .setRound(work.key())
            .setKind(kind(own.kind()))
            .setLayoutDigest(layoutDigest())
            .setMaskVersion(version().number())
            .addAllPayloads(payloads(client))
            .setLocalEpochs(federation.rounds().localEpochs())
            .setLearningRate(work.rate())
            .setProximal(federation.rounds().proximal())
            .setEncoding(encoding())
            .setLargestUpload(largest(client.densityCap()))
            .setCompletedRounds(work.completed());
    own.proposals()
        .forEach(
            each ->
                task.addProposals(
                    ProposalCount.newBuilder()
                        .setParameter(each.parameter())
                        .setCount(each.count())));
    return task.build();
  }

  private List<Payload> payloads(Attendee client) throws IOException {
    List<Payload> needed = new ArrayList<>();
    MaskSet holds = holds(client.densityCap());
    boolean whole = isWhole(client.densityCap());
    if (work.kind().trains()) {
      masks(client, holds, whole).ifPresent(needed::add);
    } else {
      needed.add(
          once(
              Payload.Role.CANDIDATES,
              Payload.Role.CANDIDATES,
              () -> CandidatesPayload.encode(course.candidates())));
    }
    if (work.kind() == RoundWork.Kind.MEASURE_LOSSES) {
      needed.add(once(Payload.Role.NORMS, Payload.Role.NORMS, this::norms));
    }
    needed.add(
        once(
            Payload.Role.LIVING_VALUES,
            holds.kept(),
            () -> new ValuesPayload(layout).encode(course.model().state(), holds)));
    return needed;
  }

  /** The client's masks, or how they differ from those that it holds; nothing if they do not. */
  private Optional<Payload> masks(Attendee client, MaskSet holds, boolean whole)
      throws IOException {
    int version = holds.version().number();
    OptionalInt heldVersion = client.heldGlobalVersion();
    if (whole && (version == 0 || heldVersion.orElse(-1) == version)) {
      return Optional.empty();
    }
    Optional<MaskSet> held =
        heldVersion.isPresent() && whole ? history.of(heldVersion.getAsInt()) : Optional.empty();
    return Optional.of(
        held.isPresent()
            ? once(
                Payload.Role.MASK_DELTA,
                held.get().version(),
                () -> MaskCodec.encodeDelta(held.get(), holds))
            : once(
                Payload.Role.MASKS,
                List.of("masks", holds.kept()),
                () -> MaskCodec.encodeFull(holds)));
  }

  private byte[] norms() {
    return new NormsPayload(new NormEntries(layout)).encode(course.candidateNorms());
  }

  /** Makes bytes. */
  private interface Bytes {
    byte[] get();
  }

  /** The payload of a key, written when it is first asked for. */
  private Payload once(Payload.Role role, Object key, Bytes bytes) throws IOException {
    Payload known = payloads.get(key);
    if (known != null) {
      return known;
    }
    byte[] content = bytes.get();
    String digest = Sha256.ofBytes(content);
    files.put(digest, store.offer(work.key(), digest, content));
    Payload payload =
        Payload.newBuilder().setRole(role).setDigest(digest).setBytes(content.length).build();
    payloads.put(key, payload);
    return payload;
  }

  private static Task.Kind kind(RoundWork.Kind kind) {
    return switch (kind) {
      case MEASURE_NORMS -> Task.Kind.MEASURE_NORMS;
      case MEASURE_LOSSES -> Task.Kind.MEASURE_LOSSES;
      case TRAIN -> Task.Kind.TRAIN;
      case TRAIN_AND_PROPOSE -> Task.Kind.TRAIN_AND_PROPOSE;
    };
  }

  private Task.Encoding encoding() {
    return switch (format()) {
      case FP32 -> Task.Encoding.FLOAT32;
      case FP16 -> Task.Encoding.FLOAT16;
      case INT8 -> Task.Encoding.INT8;
    };
  }
}
