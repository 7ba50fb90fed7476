package io.espalier.federation.simulation;

import io.espalier.federation.round.FederationSession;
import io.espalier.federation.round.ResultBounds;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What the clients of a round really do once virtual time has come to it. */
final class SimulatedRound implements RoundWorkload {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final ClientExecutor desk;
  private final RoundWork work;
  private final RoundPayloads payloads;
  private final ToLongFunction<VirtualClient> bytesDown;
  private final SortedMap<String, Contribution> contributions = new TreeMap<>();
  private long bytesUp;

  /**
   * A round of the session's next work.
   *
   * @param bytesDown what a client has to download
   */
  SimulatedRound(
      PreparedFederation federation,
      FederationSession session,
      ClientExecutor desk,
      RoundWork work,
      RoundPayloads payloads,
      ToLongFunction<VirtualClient> bytesDown) {
    this.federation = federation;
    this.session = session;
    this.desk = desk;
    this.work = work;
    this.payloads = payloads;
    this.bytesDown = bytesDown;
  }

  /** As the server does: candidates are measured by who can hold the dense network, if possible. */
  @Override
  public List<VirtualClient> eligible(List<VirtualClient> there) {
    if (work.kind().trains()) {
      return there;
    }
    List<VirtualClient> whole = there.stream().filter(client -> client.tier().isWhole()).toList();
    double density = 1 - federation.run().config().prune().sparsity();
    return whole.size() >= federation.rounds().fewest()
        ? whole
        : there.stream().filter(client -> client.tier().cap() >= density).toList();
  }

  @Override
  public ClientLoad load(VirtualClient client) {
    ClientMaterials materials = payloads.materials(client);
    return new ClientLoad(
        bytesDown.applyAsLong(client),
        desk.steps(client, work, materials),
        desk.mostBytes(client, payloads.work(client, work), materials));
  }

  @Override
  public void started(int invited, int connected) {
    session.events().started(work, session.course().model(), invited, connected);
  }

  @Override
  public boolean delivered(VirtualClient client, double seconds) {
    ClientMaterials materials = payloads.materials(client);
    ClientExecutor.Arrived arrived;
    try {
      arrived = desk.work(client, payloads.work(client, work), materials);
    } catch (MalformedPayloadException e) {
      refused(client, ResultBounds.reason(e), String.valueOf(e.getMessage()));
      return false;
    }
    ResultBounds bounds = bounds(client);
    Optional<String> excess = bounds.excess(arrived.result());
    if (excess.isPresent()) {
      refused(client, RefusalReason.NORM_BEYOND_BOUND, excess.get());
      return false;
    }
    Optional<String> overflow = bounds.overflow(arrived.result(), payloads.start(client));
    if (overflow.isPresent()) {
      refused(client, RefusalReason.NOT_FINITE, overflow.get());
      return false;
    }
    desk.accepted(client, work, arrived);
    bytesUp += arrived.bytes();
    contributions.put(
        client.name(),
        new Contribution(
            client.name(), materials.masks(), network(client).slice(), arrived.result()));
    reported(client, arrived, seconds);
    return true;
  }

  private void reported(VirtualClient client, ClientExecutor.Arrived arrived, double seconds) {
    OptionalDouble loss =
        arrived.result() instanceof ClientResult.Trained trained
            ? OptionalDouble.of(trained.loss())
            : OptionalDouble.empty();
    session
        .ledger()
        .record(
            new FederationEvent.ClientReported(
                client.name(),
                work.key(),
                arrived.result().examples(),
                loss,
                bounds(client).norm(arrived.result()),
                arrived.bytes(),
                seconds,
                session.course().model().masks().masks().version().number()));
  }

  private NarrowNetwork network(VirtualClient client) {
    return session.networks().at(client.tier().width());
  }

  private ResultBounds bounds(VirtualClient client) {
    return new ResultBounds(network(client).federation());
  }

  private void refused(VirtualClient client, RefusalReason reason, String detail) {
    session
        .ledger()
        .record(
            new FederationEvent.UpdateRefused(
                Optional.of(client.name()), Optional.of(work.key()), reason.word(), detail));
  }

  /** In the order of the clients' names. */
  List<Contribution> contributions() {
    return List.copyOf(contributions.values());
  }

  long bytesUp() {
    return bytesUp;
  }
}
