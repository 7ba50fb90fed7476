package io.espalier.federation.simulation;

import io.espalier.federation.server.FederationSession;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.ClientExamples;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.LocalClient;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Does the work of simulated clients, one after another, on a shared replica for each width. */
final class ClientExecutor {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final ValueFormat format;
  private final Path folder;
  private final Map<Double, Workspace> workspaces = new HashMap<>();

  /** A transferred result; {@code owed} is kept if the result is accepted. */
  record Arrived(ClientResult result, ByteBuffer bytes, List<ErrorFeedback> owed) {
    Arrived {
      owed = List.copyOf(owed);
    }
  }

  private record Workspace(NarrowNetwork network, ResultCodec codec, ResidualStore residuals) {}

  ClientExecutor(PreparedFederation federation, FederationSession session, Path folder) {
    this.federation = federation;
    this.session = session;
    this.format = ValueFormat.valueOf(federation.rounds().client().encoding().name());
    this.folder = folder.resolve("owed");
  }

  private Workspace workspace(VirtualClient client) {
    return workspaces.computeIfAbsent(client.tier().width(), this::newWorkspace);
  }

  private Workspace newWorkspace(double width) {
    NarrowNetwork network = session.networks().at(width);
    StateLayout layout = network.federation().values().stateLayout();
    return new Workspace(
        network,
        new ResultCodec(layout),
        new ResidualStore(folder, layout.entries().stream().map(StateLayout.Entry::size).toList()));
  }

  long steps(VirtualClient client, RoundWork work, ClientMaterials materials) {
    int training = ClientExamples.of(federation, client.shard()).trainingCount();
    int batch = Math.min(federation.run().config().stepExamples(), training);
    long passes =
        work.kind().trains()
            ? federation.rounds().client().localEpochs()
            : materials.candidates().size();
    return passes * (training / batch);
  }

  long mostBytes(VirtualClient client, RoundWork work, ClientMaterials materials) {
    return workspace(client)
        .codec()
        .largest(work, materials.masks(), format, materials.candidates().size());
  }

  /**
   * Does a client's work, and encodes and decodes its result; throws if the server could not read
   * it, or {@link DivergedException} if its loss or what it has learned is not finite.
   */
  Arrived work(VirtualClient client, RoundWork work, ClientMaterials materials) {
    Workspace workspace = workspace(client);
    ClientExamples examples = ClientExamples.of(federation, client.shard());
    ClientResult done =
        new LocalClient(
                client.mislabels()
                    ? workspace.network().federation().mislabelled()
                    : workspace.network().federation(),
                session.replica(client.tier().width()),
                examples,
                client.number())
            .work(work, materials);
    StateLayout layout = workspace.network().federation().values().stateLayout();
    if (done instanceof ClientResult.Trained trained) {
      TrainingState.of(layout, trained.changes()).requireFinite(work.completed());
    }
    if (client.hostile().isPresent()) {
      done = falsified(client.hostile().get(), done, layout);
    }
    ResultCodec.Encoded encoded =
        workspace.codec().encode(done, materials.masks(), format, owed(client, work));
    return new Arrived(
        read(client, work, materials, encoded.bytes()), encoded.bytes(), encoded.owed());
  }

  private static ClientResult falsified(
      SimulationPlan.Hostile hostile, ClientResult done, StateLayout layout) {
    return hostile
        .attack()
        .falsified(
            done,
            layout.entries(),
            hostile.claim().map(OptionalInt::of).orElseGet(OptionalInt::empty));
  }

  ClientResult read(
      VirtualClient client, RoundWork work, ClientMaterials materials, ByteBuffer bytes) {
    return workspace(client)
        .codec()
        .decode(bytes, work, materials.masks(), format, materials.candidates().size());
  }

  private boolean keepsErrors(RoundWork work) {
    return work.kind().trains() && !federation.rounds().client().encoding().isExact();
  }

  private List<ErrorFeedback> owed(VirtualClient client, RoundWork work) {
    Workspace workspace = workspace(client);
    try {
      return keepsErrors(work)
          ? workspace.residuals().of(client.name(), work.completed())
          : workspace.codec().nothingOwed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void accepted(VirtualClient client, RoundWork work, Arrived arrived) {
    if (!keepsErrors(work)) {
      return;
    }
    int kept = federation.run().config().train().recovery().keepCheckpoints();
    try {
      workspace(client)
          .residuals()
          .keep(
              client.name(), work.completed() + 1L, arrived.owed(), work.completed() - (long) kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
