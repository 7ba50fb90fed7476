package io.espalier.federation.client;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.Welcome;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.federated.ClientExamples;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.LocalClient;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A client's part in one run: its data, its network, and its work in a round. Confined to the
 * worker's thread.
 */
final class RunParticipation implements AutoCloseable {
  private final PreparedFederation federation;
  private final ClientExamples examples;
  private final LocalReplica replica;
  private final LocalClient client;
  private final ResultCodec codec;
  private final ClientStateDirectory state;

  static final class MissingMasksException extends RuntimeException {
    MissingMasksException(String message) {
      super(message);
    }
  }

  record Outcome(ClientResult result, FinishedResult finished) {}

  private RunParticipation(
      PreparedFederation federation,
      ClientExamples examples,
      ClientSettings settings,
      Runnable progress) {
    this.federation = federation;
    this.examples = examples;
    this.state = settings.state();
    this.replica = LocalReplica.of(federation.run(), progress);
    int owner = settings.access().client().hashCode() & Integer.MAX_VALUE;
    this.client = new LocalClient(federation, replica, examples, owner);
    this.codec = new ResultCodec(layout());
  }

  /**
   * Prepares data and network for the run of a Welcome; calls {@code progress} after each batch.
   *
   * @throws io.espalier.configs.InvalidConfigException if the data do not fit
   * @throws IncompatibleClientException if the network differs from the server's
   */
  static RunParticipation of(Welcome welcome, ClientSettings settings, Runnable progress)
      throws IOException {
    RunConfig config =
        new RecipeLoader()
            .stored("recipe of run " + welcome.getRun(), welcome.getRecipe(), List.of())
            .config();
    Dataset dataset = settings.data().load(contract(welcome, config), config);
    NarrowNetwork network = network(welcome, PreparedFederation.ofClient(config, dataset));
    requireMemory(network, settings.memoryCap());
    String digest = network.layoutDigest();
    if (!digest.equals(welcome.getLayoutDigest())) {
      throw new IncompatibleClientException(
          "the network must be the same as the server's: layout=%s, server's=%s; install the server's version of espalier"
              .formatted(digest, welcome.getLayoutDigest()));
    }
    settings
        .state()
        .belongTo(
            "%s %s %s %s"
                .formatted(
                    welcome.getRun(), digest, settings.densityCap(), settings.access().client()));
    PreparedFederation federation = network.federation();
    requireEngine(federation.run());
    int[] shuffled = federation.run().splits().shard(0);
    return new RunParticipation(
        federation, ClientExamples.of(federation, shuffled), settings, progress);
  }

  /** The width that a server has chosen; an earlier version knows the whole network only. */
  static double width(Welcome welcome) {
    return welcome.getWidth() == 0 ? 1 : welcome.getWidth();
  }

  private static NarrowNetwork network(Welcome welcome, PreparedFederation federation) {
    double width = width(welcome);
    return NestedNetworks.of(federation)
        .find(width)
        .orElseThrow(
            () ->
                new IncompatibleClientException(
                    "the server must choose a width of its recipe: width=%s, widths=%s; it may be of another version"
                        .formatted(width, federation.rounds().client().widths())));
  }

  /** Servers of earlier versions ignore memory caps. */
  private static void requireMemory(NarrowNetwork network, OptionalLong cap) {
    if (network.trainingBytes() > cap.orElse(Long.MAX_VALUE)) {
      throw new IncompatibleClientException(
          "the network must fit the device's memory: memory-cap=%d bytes, needed=%d bytes, width=%s; raise --memory-cap, or ask the server's operator for narrower federation.widths"
              .formatted(cap.getAsLong(), network.trainingBytes(), network.width()));
    }
  }

  /** Clients of a round compute alike: where one takes the engine, all do. */
  private static void requireEngine(PreparedRun run) {
    if (run.execution(0) == Execution.ENGINE) {
      BackEnds.problem(Execution.ENGINE)
          .ifPresent(
              problem -> {
                throw new IncompatibleClientException(
                    "clients of this run compute on the engine, as its train.execution says: %s; or give its recipe train.execution = java"
                        .formatted(problem));
              });
    }
  }

  /** Describes the back end that computes this client's first round. */
  String computing() {
    return BackEnds.of(federation.run().execution(0)).computing();
  }

  private static DataContract contract(Welcome welcome, RunConfig config) {
    try {
      List<Integer> sides = welcome.getInputList();
      return new DataContract(
          config.data().source(),
          new ImageShape(sides.get(0), sides.get(1), sides.get(2)),
          welcome.getColumnsList(),
          Optional.of(welcome.getEncoding())
              .filter(text -> !text.isEmpty())
              .map(InputEncoding::parse),
          welcome.getClassNamesList(),
          new Normalization(welcome.getMeanList(), welcome.getDeviationList()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IncompatibleClientException(
          "the server must say what examples are like: %s; it may be of another version"
              .formatted(e.getMessage()),
          e);
    }
  }

  int trainingExamples() {
    return examples.trainingCount();
  }

  int heldBack() {
    return examples.heldBackCount();
  }

  private long batches(RoundWork work, int candidates) {
    long perEpoch = client.stepsPerRound() / federation.rounds().client().localEpochs();
    return switch (work.kind()) {
      case TRAIN, TRAIN_AND_PROPOSE -> client.stepsPerRound();
      case MEASURE_NORMS -> perEpoch * candidates;
      case MEASURE_LOSSES -> {
        int judging = examples.judging().length;
        yield (long) candidates * ((judging + Inference.BATCH - 1) / Inference.BATCH);
      }
    };
  }

  /**
   * Does a round's work and stores its result.
   *
   * @param begin receives the number of batches before the first
   * @throws MissingMasksException if the work needs masks that the client lacks
   * @throws RuntimeException if the task breaks the recipe, payloads are damaged, or training
   *     diverges
   */
  Outcome work(Assignment assignment, LongConsumer begin) throws IOException {
    requireEpochsOfRecipe(assignment);
    MaskSet masks = masks(assignment);
    ClientMaterials materials = materials(assignment, masks);
    begin.accept(batches(assignment.work(), materials.candidates().size()));
    ClientResult result = client.work(assignment.work(), materials);
    ResultCodec.Encoded encoded = codec.encode(result, masks, assignment.format(), owed());
    UploadHeader header =
        UploadHeader.newBuilder()
            .setRound(assignment.round())
            .setLayoutDigest(assignment.task().getLayoutDigest())
            .setMaskVersion(assignment.task().getMaskVersion())
            .build();
    long largest = assignment.task().getLargestUpload();
    if (encoded.bytes().remaining() > largest) {
      throw new IllegalArgumentException(
          "a result must not be larger than the server takes: bytes=%d, largest=%d"
              .formatted(encoded.bytes().remaining(), largest));
    }
    return new Outcome(result, state.finish(header, encoded.bytes(), encoded.owed()));
  }

  /** A task without the figure has that of the recipe. */
  private void requireEpochsOfRecipe(Assignment assignment) {
    long asked = Integer.toUnsignedLong(assignment.task().getLocalEpochs());
    int agreed = federation.rounds().client().localEpochs();
    if (asked != 0 && asked != agreed) {
      throw new IllegalArgumentException(
          "a task must ask for the epochs of its run's recipe: local_epochs=%d, recipe's=%d; ask the server's operator to install a server of the same version"
              .formatted(asked, agreed));
    }
  }

  private List<ErrorFeedback> owed() throws IOException {
    return federation.rounds().client().encoding().isExact()
        ? codec.nothingOwed()
        : state.owed(layout()).orElseGet(codec::nothingOwed);
  }

  private ClientMaterials materials(Assignment assignment, MaskSet masks) throws IOException {
    PreparedRun run = federation.run();
    List<MaskSet> candidates =
        bytes(assignment, Payload.Role.CANDIDATES)
            .map(bytes -> RoundPayload.decodeCandidates(bytes, run.layout(), run.prunableIds()))
            .orElse(List.of());
    RoundPayload payload = new RoundPayload(layout());
    byte[] values =
        bytes(assignment, Payload.Role.LIVING_VALUES)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a task must bring the network's values: round=" + assignment.round()));
    return new ClientMaterials(
        payload.decodeValues(values, masks),
        masks,
        candidates,
        bytes(assignment, Payload.Role.NORMS)
            .map(bytes -> payload.decodeNorms(bytes, candidates.size()))
            .orElse(List.of()));
  }

  private MaskSet masks(Assignment assignment) throws IOException {
    int version = assignment.task().getMaskVersion();
    Optional<MaskSet> held = held();
    MaskSet masks = masks(assignment, held);
    if (masks.version().number() != version) {
      throw new MissingMasksException(
          "masks must be of the task's version: version=%d, masks=%s"
              .formatted(version, masks.version()));
    }
    requireSame(masks, assignment);
    if (!held.equals(Optional.of(masks))) {
      state.keep(masks);
    }
    return masks;
  }

  /**
   * Masks that come whole, or as none, cannot be had otherwise: a server that means others errs.
   */
  private static void requireSame(MaskSet masks, Assignment assignment) {
    String expected = assignment.task().getMaskDigest();
    if (expected.isEmpty() || masks.digest().equals(expected)) {
      return;
    }
    String rule =
        "masks must be those of the task: version=%s, digest=%s, task's=%.64s"
            .formatted(masks.version(), masks.digest(), expected);
    boolean whole =
        assignment.task().getPayloadsList().stream()
            .anyMatch(each -> each.getRole() == Payload.Role.MASKS);
    if (whole || masks.version().equals(MaskVersion.DENSE)) {
      throw new IllegalArgumentException(rule + "; install the server's version of espalier");
    }
    throw new MissingMasksException(rule + "; they are fetched anew");
  }

  private MaskSet masks(Assignment assignment, Optional<MaskSet> held) throws IOException {
    PreparedRun run = federation.run();
    Optional<byte[]> full = bytes(assignment, Payload.Role.MASKS);
    if (full.isPresent()) {
      return MaskCodec.decodeFull(full.get(), run.layout(), run.prunableIds());
    }
    Optional<byte[]> delta = bytes(assignment, Payload.Role.MASK_DELTA);
    if (delta.isPresent()) {
      return delta(delta.get(), held);
    }
    int version = assignment.task().getMaskVersion();
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    return version == dense.version().number() ? dense : held.orElse(dense);
  }

  private static MaskSet delta(byte[] delta, Optional<MaskSet> held) {
    try {
      return MaskCodec.decodeDelta(
          delta,
          held.orElseThrow(
              () -> new MissingMasksException("a mask delta needs masks: none are held")));
    } catch (DamagedMaskException e) {
      throw new MissingMasksException(String.valueOf(e.getMessage()));
    }
  }

  /** The masks on the disk. May be called by any thread. */
  Optional<MaskSet> held() throws IOException {
    return state.masks(federation.run().layout(), federation.run().prunableIds());
  }

  private Optional<byte[]> bytes(Assignment assignment, Payload.Role role) throws IOException {
    Optional<Path> file = assignment.file(role, state.payloads()::file);
    return file.isPresent() ? Optional.of(Files.readAllBytes(file.get())) : Optional.empty();
  }

  private StateLayout layout() {
    return federation.values().stateLayout();
  }

  @Override
  public void close() {
    replica.close();
  }
}
