package io.espalier.federation.simulation;

import io.espalier.federation.round.FederationSession;
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
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the clients of a simulation take turns to work: each finds the replica as it left its own,
 * and leaves nothing but its result.
 */
final class ClientExecutor {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final ValueFormat format;
  private final Path folder;
  private final Map<Double, Seat> seats = new HashMap<>();

  /**
   * A result as it arrived.
   *
   * @param bytes that it took
   * @param owed what its rounding left, if the result is accepted
   */
  record Arrived(ClientResult result, long bytes, List<ErrorFeedback> owed) {
    Arrived {
      owed = List.copyOf(owed);
    }
  }

  /** What the clients of one width work with. */
  private record Seat(NarrowNetwork network, ResultCodec codec, ResidualStore residuals) {}

  ClientExecutor(PreparedFederation federation, FederationSession session, Path folder) {
    this.federation = federation;
    this.session = session;
    this.format = ValueFormat.valueOf(federation.rounds().encoding().name());
    this.folder = folder.resolve("owed");
  }

  private Seat seat(VirtualClient client) {
    return seats.computeIfAbsent(client.tier().width(), this::newSeat);
  }

  private Seat newSeat(double width) {
    NarrowNetwork network = session.networks().at(width);
    StateLayout layout = network.federation().values().stateLayout();
    return new Seat(
        network,
        new ResultCodec(layout),
        new ResidualStore(folder, layout.entries().stream().map(StateLayout.Entry::size).toList()));
  }

  /** Batches that a client's work takes through the network. */
  long steps(VirtualClient client, RoundWork work, ClientMaterials materials) {
    int training = ClientExamples.of(federation, client.shard()).trainingCount();
    int batch = Math.min(federation.run().config().data().batchSize(), training);
    long passes =
        work.kind().trains() ? federation.rounds().localEpochs() : materials.candidates().size();
    return passes * (training / batch);
  }

  /** The largest result that a client's work can have. */
  long mostBytes(VirtualClient client, RoundWork work, ClientMaterials materials) {
    return seat(client)
        .codec()
        .largest(work, materials.masks(), format, materials.candidates().size());
  }

  /**
   * Does a client's work, and sends its result.
   *
   * @param work that it can do
   * @throws io.espalier.trainer.federated.MalformedPayloadException if the server could not read it
   * @throws io.espalier.trainer.state.DivergedException if its loss is not finite
   */
  Arrived work(VirtualClient client, RoundWork work, ClientMaterials materials) {
    Seat seat = seat(client);
    ClientExamples examples = ClientExamples.of(federation, client.shard());
    ClientResult done =
        new LocalClient(
                seat.network().federation(),
                session.replica(client.tier().width()),
                examples,
                client.number())
            .work(work, materials);
    ResultCodec.Encoded encoded =
        seat.codec().encode(done, materials.masks(), format, owed(client, work));
    ClientResult read =
        seat.codec()
            .decode(
                encoded.bytes(), work, materials.masks(), format, materials.candidates().size());
    return new Arrived(read, encoded.bytes().remaining(), encoded.owed());
  }

  private boolean owes(RoundWork work) {
    return work.kind().trains() && !federation.rounds().encoding().isExact();
  }

  private List<ErrorFeedback> owed(VirtualClient client, RoundWork work) {
    Seat seat = seat(client);
    try {
      return owes(work)
          ? seat.residuals().of(client.name(), work.completed())
          : seat.codec().nothingOwed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A result counts: what it owes is added to the client's next one. */
  void accepted(VirtualClient client, RoundWork work, Arrived arrived) {
    if (!owes(work)) {
      return;
    }
    int kept = federation.run().config().train().keepCheckpoints();
    try {
      seat(client)
          .residuals()
          .keep(
              client.name(), work.completed() + 1L, arrived.owed(), work.completed() - (long) kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
