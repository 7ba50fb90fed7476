package io.espalier.federation.server;

import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.ProposalCount;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.round.DeviceTier;
import io.espalier.federation.round.DeviceTiers;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.file.Sha256;
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
final class RoundOffer {
  private final NestedNetworks networks;
  private final PreparedFederation federation;
  private final FederatedCourse course;
  private final RoundWork work;
  private final RoundStore store;
  private final MaskHistory history;
  private final DeviceTiers tiers;
  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private final Map<Object, Payload> payloads = new HashMap<>();

  public RoundOffer(
      NestedNetworks networks,
      FederatedCourse course,
      RoundWork work,
      RoundStore store,
      MaskHistory history) {
    this.networks = networks;
    this.federation = networks.whole().federation();
    this.course = course;
    this.work = work;
    this.store = store;
    this.history = history;
    this.tiers = new DeviceTiers(networks, course.model());
  }

  public RoundWork work() {
    return work;
  }

  /** What such a client does: who holds only a part of the masks proposes nothing. */
  public RoundWork work(DeviceTier tier) {
    return isWhole(tier) ? work : work.withoutProposals();
  }

  private boolean isWhole(DeviceTier tier) {
    return holds(tier).equals(tiers.masks(tier.width()));
  }

  /** The state that results of a width change. */
  TrainingState start(double width) {
    return tiers.values(width);
  }

  /** The masks that such a client works under; dense ones while candidates are measured. */
  public MaskSet holds(DeviceTier tier) {
    return work.kind().trains() ? tiers.within(tier) : tiers.masks(tier.width());
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
  public long largest(DeviceTier tier) {
    return new ResultCodec(layout(tier)).largest(work(tier), holds(tier), format(), candidates());
  }

  private StateLayout layout(DeviceTier tier) {
    return networks.at(tier.width()).federation().values().stateLayout();
  }

  /** The name of such a client's network. */
  public String layoutDigest(DeviceTier tier) {
    return networks.at(tier.width()).layoutDigest();
  }

  /** The names of all networks that clients have. */
  public List<String> layoutDigests() {
    return networks.all().stream().map(NarrowNetwork::layoutDigest).toList();
  }

  public MaskVersion version() {
    return course.model().masks().masks().version();
  }

  /** The file of a digest, if it belongs to this round. */
  public Optional<Path> payload(String digest) {
    return Optional.ofNullable(files.get(digest));
  }

  /** What a client is asked to do, given what it holds. */
  public Task task(AttendingClient client) throws IOException {
    RoundWork own = work(client.tier());
    Task.Builder task =
        Task.newBuilder()
            .setRound(work.key())
            .setKind(kind(own.kind()))
            .setLayoutDigest(layoutDigest(client.tier()))
            .setMaskVersion(version().number())
            .addAllPayloads(payloads(client))
            .setLocalEpochs(federation.rounds().localEpochs())
            .setLearningRate(work.rate())
            .setProximal(federation.rounds().proximal())
            .setEncoding(encoding())
            .setLargestUpload(largest(client.tier()))
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

  private List<Payload> payloads(AttendingClient client) throws IOException {
    List<Payload> needed = new ArrayList<>();
    DeviceTier tier = client.tier();
    MaskSet holds = holds(tier);
    boolean whole = isWhole(tier);
    if (work.kind().trains()) {
      masks(client, holds, whole).ifPresent(needed::add);
    } else {
      needed.add(
          once(
              Payload.Role.CANDIDATES,
              Payload.Role.CANDIDATES,
              () -> RoundPayload.encodeCandidates(course.candidates())));
    }
    if (work.kind() == RoundWork.Kind.MEASURE_LOSSES) {
      needed.add(once(Payload.Role.NORMS, Payload.Role.NORMS, this::norms));
    }
    needed.add(
        once(
            Payload.Role.LIVING_VALUES,
            List.of("values", tier.width(), holds.kept()),
            () -> new RoundPayload(layout(tier)).encodeValues(tiers.values(tier.width()), holds)));
    return needed;
  }

  /** The client's masks, or how they differ from those that it holds; nothing if they do not. */
  private Optional<Payload> masks(AttendingClient client, MaskSet holds, boolean whole)
      throws IOException {
    int version = holds.version().number();
    OptionalInt heldVersion = client.heldGlobalVersion();
    if (whole && (version == 0 || heldVersion.orElse(-1) == version)) {
      return Optional.empty();
    }
    Optional<MaskSet> held =
        heldVersion.isPresent() && whole
            ? history
                .of(heldVersion.getAsInt())
                .map(networks.at(client.tier().width()).slice()::narrowed)
            : Optional.empty();
    return Optional.of(
        held.isPresent()
            ? once(
                Payload.Role.MASK_DELTA,
                List.of("delta", client.tier().width(), held.get().version()),
                () -> MaskCodec.encodeDelta(held.get(), holds))
            : once(
                Payload.Role.MASKS,
                List.of("masks", client.tier().width(), holds.kept()),
                () -> MaskCodec.encodeFull(holds)));
  }

  private byte[] norms() {
    StateLayout layout = federation.values().stateLayout();
    return new RoundPayload(layout).encodeNorms(course.candidateNorms());
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
