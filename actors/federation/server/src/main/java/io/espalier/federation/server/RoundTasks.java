package io.espalier.federation.server;

import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.ProposalCount;
import io.espalier.federation.protocol.Task;
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
 * The tasks of one round and their payloads, each written when the first client needs it. {@link
 * #payload} may be called by any thread, the rest by the owner.
 */
final class RoundTasks {
  private final NestedNetworks networks;
  private final PreparedFederation federation;
  private final FederatedCourse course;
  private final RoundWork work;
  private final RoundStore store;
  private final MaskHistory history;
  private final DeviceTiers tiers;
  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private final Map<Object, Payload> payloads = new HashMap<>();
  private final Map<DeviceTier, String> maskDigests = new HashMap<>();

  public RoundTasks(
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

  /** The work of clients of a tier: those that hold only a part of the masks propose nothing. */
  public RoundWork work(DeviceTier tier) {
    return isWhole(tier) ? work : work.withoutProposals();
  }

  private boolean isWhole(DeviceTier tier) {
    return masks(tier).equals(tiers.masks(tier.width()));
  }

  TrainingState start(double width) {
    return tiers.values(width);
  }

  /** The masks that clients of a tier work under; dense ones while candidates are measured. */
  public MaskSet masks(DeviceTier tier) {
    return tiers.masks(work, tier);
  }

  private String maskDigest(DeviceTier tier) {
    return maskDigests.computeIfAbsent(tier, each -> masks(each).digest());
  }

  public ValueFormat format() {
    return ValueFormat.valueOf(federation.rounds().client().encoding().name());
  }

  public int candidates() {
    return work.kind().trains() ? 0 : course.candidates().size();
  }

  /** The largest result of a client, in bytes. */
  public long largest(DeviceTier tier) {
    return new ResultCodec(layout(tier)).largest(work(tier), masks(tier), format(), candidates());
  }

  private StateLayout layout(DeviceTier tier) {
    return networks.at(tier.width()).federation().values().stateLayout();
  }

  public String layoutDigest(DeviceTier tier) {
    return networks.at(tier.width()).layoutDigest();
  }

  public List<String> layoutDigests() {
    return networks.all().stream().map(NarrowNetwork::layoutDigest).toList();
  }

  public MaskVersion version() {
    return course.model().masks().masks().version();
  }

  public Optional<Path> payload(String digest) {
    return Optional.ofNullable(files.get(digest));
  }

  public Task task(AttendingClient client) throws IOException {
    RoundWork own = work(client.tier());
    Task.Builder task =
        Task.newBuilder()
            .setRound(work.key())
            .setKind(Task.Kind.valueOf(own.kind().name()))
            .setLayoutDigest(layoutDigest(client.tier()))
            .setMaskVersion(version().number())
            .setMaskDigest(maskDigest(client.tier()))
            .addAllPayloads(payloads(client))
            .setLocalEpochs(federation.rounds().client().localEpochs())
            .setLearningRate(work.rate())
            .setProximal(federation.rounds().client().proximal())
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
    MaskSet masks = masks(tier);
    boolean whole = isWhole(tier);
    if (work.kind().trains()) {
      masks(client, masks, whole).ifPresent(needed::add);
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
            List.of("values", tier.width(), masks.kept()),
            () -> new RoundPayload(layout(tier)).encodeValues(tiers.values(tier.width()), masks)));
    return needed;
  }

  /** The masks of a client's task, as a delta if possible; empty if the client holds them. */
  private Optional<Payload> masks(AttendingClient client, MaskSet masks, boolean whole)
      throws IOException {
    int version = masks.version().number();
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
                () -> MaskCodec.encodeDelta(held.get(), masks))
            : once(
                Payload.Role.MASKS,
                List.of("masks", client.tier().width(), masks.kept()),
                () -> MaskCodec.encodeFull(masks)));
  }

  private byte[] norms() {
    StateLayout layout = federation.values().stateLayout();
    return new RoundPayload(layout).encodeNorms(course.candidateNorms());
  }

  private interface Bytes {
    byte[] get();
  }

  private Payload once(Payload.Role role, Object key, Bytes bytes) throws IOException {
    Payload known = payloads.get(key);
    if (known != null) {
      return known;
    }
    byte[] content = bytes.get();
    String digest = Sha256.ofBytes(content);
    files.put(digest, store.storePayload(work.key(), digest, content));
    Payload payload =
        Payload.newBuilder().setRole(role).setDigest(digest).setBytes(content.length).build();
    payloads.put(key, payload);
    return payload;
  }

  private Task.Encoding encoding() {
    return switch (format()) {
      case FP32 -> Task.Encoding.FLOAT32;
      case FP16 -> Task.Encoding.FLOAT16;
      case INT8 -> Task.Encoding.INT8;
    };
  }
}
