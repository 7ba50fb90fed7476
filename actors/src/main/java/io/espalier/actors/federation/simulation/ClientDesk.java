package io.espalier.actors.federation.simulation;

import io.espalier.actors.federation.session.FederationSession;
import io.espalier.actors.federation.simulation.population.VirtualClient;
import io.espalier.masks.MaskSet;
import io.espalier.masks.quantization.ErrorFeedback;
import io.espalier.masks.quantization.ValueFormat;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.local.ClientExamples;
import io.espalier.trainer.federated.local.LocalClient;
import io.espalier.trainer.federated.local.Materials;
import io.espalier.trainer.federated.payload.ResultReader;
import io.espalier.trainer.federated.payload.ResultWriter;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the clients of a simulation take turns to work: each finds the replica as it left its own,
 * and leaves nothing but its result.
 */
final class ClientDesk {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final ResultWriter writer;
  private final ResultReader reader;
  private final ValueFormat format;
  private final Residuals residuals;

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

  ClientDesk(PreparedFederation federation, FederationSession session, Path folder) {
    StateLayout layout = federation.values().stateLayout();
    this.federation = federation;
    this.session = session;
    this.writer = new ResultWriter(layout);
    this.reader = new ResultReader(layout);
    this.format = ValueFormat.valueOf(federation.rounds().encoding().name());
    this.residuals =
        new Residuals(
            folder.resolve("owed"),
            layout.entries().stream().map(StateLayout.Entry::size).toList());
  }

  /** Batches that a client's work takes through the network. */
  long steps(VirtualClient client, RoundWork work, Materials materials) {
    int training = ClientExamples.of(federation, client.shard()).trainingCount();
    int batch = Math.min(federation.run().config().data().batchSize(), training);
    long passes =
        work.kind().trains() ? federation.rounds().localEpochs() : materials.candidates().size();
    return passes * (training / batch);
  }

  /** The largest result that a client's work can have. */
  long mostBytes(RoundWork work, Materials materials) {
    return writer.largest(
        own(work, materials), materials.masks(), format, materials.candidates().size());
  }

  /**
   * Does a client's work, and sends its result.
   *
   * @throws io.espalier.trainer.federated.payload.MalformedPayloadException if the server could not
   *     read it
   * @throws io.espalier.trainer.state.DivergedException if its loss is not finite
   */
  Arrived work(VirtualClient client, RoundWork work, Materials materials) {
    ClientExamples examples = ClientExamples.of(federation, client.shard());
    ClientResult done =
        new LocalClient(federation, session.replica(), examples, client.number())
            .work(own(work, materials), materials);
    ResultWriter.Encoded encoded =
        writer.encode(done, materials.masks(), format, owed(client, work));
    ClientResult read =
        reader.read(
            encoded.bytes(),
            own(work, materials),
            materials.masks(),
            format,
            materials.candidates().size());
    return new Arrived(read, encoded.bytes().remaining(), encoded.owed());
  }

  /** What a client with these masks does: who holds only a part of them proposes nothing. */
  private RoundWork own(RoundWork work, Materials materials) {
    MaskSet global = session.course().model().masks().masks();
    return materials.masks().equals(global) ? work : work.withoutProposals();
  }

  private boolean owes(RoundWork work) {
    return work.kind().trains() && !federation.rounds().encoding().isExact();
  }

  private List<ErrorFeedback> owed(VirtualClient client, RoundWork work) {
    try {
      return owes(work) ? residuals.of(client.name(), work.completed()) : writer.nothingOwed();
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
      residuals.keep(
          client.name(), work.completed() + 1L, arrived.owed(), work.completed() - (long) kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
