package io.espalier.federation.client;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.ProposalCount;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.Welcome;
import io.espalier.masks.MaskSet;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.NestedSlice;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** What a server would send to its only client, and make of its results. */
final class ServerSide {
  private static final String BASE =
      """
      name = sample, seed = 7
      data { kind = digits, batch-size = 20 }
      train { learning-rate { kind = constant, initial = 0.05 } }
      """;

  final FederatedCourse course;
  private final ResolvedRecipe recipe;
  private final PreparedFederation federation;

  ServerSide(String more) {
    recipe = new RecipeLoader().parse("sample", BASE + more, List.of());
    federation = PreparedFederation.of(recipe.config(), DataHome.of(Path.of("target")));
    course = FederatedCourse.start(federation, new TrainingState(layout()));
    var unused = course.open();
  }

  FromServer welcome() {
    Dataset data = federation.run().dataset();
    return FromServer.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setProtocolVersion(1)
                .setRun("run-1")
                .setRecipe(recipe.text())
                .setLayoutDigest(federation.run().layout().digest())
                .addAllInput(
                    List.of(data.input().channels(), data.input().height(), data.input().width()))
                .addAllColumns(data.columns())
                .addAllClassNames(data.classNames())
                .addAllMean(data.normalization().mean())
                .addAllDeviation(data.normalization().standardDeviation()))
        .build();
  }

  /** The next task, whose payloads a server has from now on. */
  Task task(FakeServer server) {
    RoundWork work = course.next().orElseThrow();
    MaskSet masks = course.model().masks().masks();
    Task.Builder task =
        Task.newBuilder()
            .setRound(work.key())
            .setKind(Task.Kind.valueOf(work.kind().name()))
            .setLayoutDigest(federation.run().layout().digest())
            .setMaskVersion(masks.version().number())
            .setLocalEpochs(federation.rounds().client().localEpochs())
            .setLearningRate(work.rate())
            .setEncoding(Task.Encoding.INT8)
            .setLargestUpload(1 << 20)
            .setCompletedRounds(work.completed());
    work.proposals()
        .forEach(
            each ->
                task.addProposals(
                    ProposalCount.newBuilder()
                        .setParameter(each.parameter())
                        .setCount(each.count())));
    add(task, server, Payload.Role.MASKS, MaskCodec.encodeFull(masks));
    add(
        task,
        server,
        Payload.Role.LIVING_VALUES,
        new RoundPayload(layout()).encodeValues(course.model().state(), masks));
    if (!work.kind().trains()) {
      add(
          task,
          server,
          Payload.Role.CANDIDATES,
          RoundPayload.encodeCandidates(course.candidates()));
    }
    if (work.kind() == RoundWork.Kind.MEASURE_LOSSES) {
      RoundPayload norms = new RoundPayload(layout());
      add(task, server, Payload.Role.NORMS, norms.encodeNorms(course.candidateNorms()));
    }
    return task.build();
  }

  /** Names bytes in a task and has the server serve them. */
  static void add(Task.Builder task, FakeServer server, Payload.Role role, byte[] bytes) {
    MessageDigest digest = Sha256.begin();
    digest.update(bytes);
    String name = Sha256.hex(digest);
    server.payloads.put(name, bytes);
    task.addPayloads(Payload.newBuilder().setRole(role).setDigest(name).setBytes(bytes.length));
  }

  /** Reads the result of the next work. */
  ClientResult read(byte[] result) {
    RoundWork work = course.next().orElseThrow();
    return new ResultCodec(layout())
        .decode(
            ByteBuffer.wrap(result),
            work,
            course.model().masks().masks(),
            ValueFormat.INT8,
            work.kind().trains() ? 0 : course.candidates().size());
  }

  /** Goes on with a result. */
  void merge(ClientResult result) {
    MaskSet masks = course.model().masks().masks();
    var unused =
        course.merge(
            List.of(
                new Contribution(
                    "only", masks, NestedSlice.of(federation.run().layout()), result)));
  }

  private StateLayout layout() {
    return federation.values().stateLayout();
  }
}
