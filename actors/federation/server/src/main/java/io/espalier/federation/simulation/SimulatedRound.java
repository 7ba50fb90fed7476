package io.espalier.federation.simulation;

import io.espalier.federation.server.CohortRound;
import io.espalier.federation.server.FederationSession;
import io.espalier.federation.server.ResultCheck;
import io.espalier.federation.server.ResultCheck.RefusedResultException;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Does the work of a round's clients when virtual time has come to their results. */
final class SimulatedRound implements VirtualRound.Workload {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final ResultCheck check;
  private final ClientExecutor executor;
  private final RoundWork work;
  private final RoundPayloads payloads;
  private final ToLongFunction<VirtualClient> bytesDown;
  private final ResultFiles files;
  private final SortedMap<String, VirtualClient> reported = new TreeMap<>();
  private long bytesUp;

  SimulatedRound(
      PreparedFederation federation,
      FederationSession session,
      ClientExecutor executor,
      RoundWork work,
      RoundPayloads payloads,
      ToLongFunction<VirtualClient> bytesDown,
      ResultFiles files) {
    this.federation = federation;
    this.session = session;
    this.check = new ResultCheck(session.networks());
    this.executor = executor;
    this.work = work;
    this.payloads = payloads;
    this.bytesDown = bytesDown;
    this.files = files;
  }

  @Override
  public List<VirtualClient> eligible(List<VirtualClient> there) {
    return CohortRound.eligible(there, VirtualClient::tier, work, federation);
  }

  @Override
  public ClientTask.Load load(VirtualClient client) {
    ClientMaterials materials = payloads.materials(client);
    return new ClientTask.Load(
        bytesDown.applyAsLong(client),
        executor.steps(client, work, materials),
        executor.mostBytes(client, payloads.work(client, work), materials));
  }

  @Override
  public void started(int invited, int connected) {
    session.started(work, invited, connected);
  }

  @Override
  public boolean delivered(VirtualClient client, double seconds) {
    ClientMaterials materials = payloads.materials(client);
    ClientExecutor.Arrived arrived;
    try {
      arrived = executor.work(client, payloads.work(client, work), materials);
      check.requireBounded(arrived.result(), client.tier().width(), payloads.start(client));
    } catch (MalformedPayloadException e) {
      refused(client, RefusedResultException.of(e));
      return false;
    } catch (RefusedResultException e) {
      refused(client, e);
      return false;
    }
    executor.accepted(client, work, arrived);
    bytesUp += arrived.bytes().remaining();
    files.keep(client, arrived.bytes());
    reported.put(client.name(), client);
    session.record(
        check.reported(
            client.name(),
            work.key(),
            arrived.result(),
            client.tier().width(),
            arrived.bytes().remaining(),
            seconds,
            session.course().model().masks().masks().version()));
    return true;
  }

  private NarrowNetwork network(VirtualClient client) {
    return session.networks().at(client.tier().width());
  }

  private void refused(VirtualClient client, RefusedResultException refusal) {
    session.record(
        new FederationEvent.UpdateRefused(
            Optional.of(client.name()),
            Optional.of(work.key()),
            refusal.reason().word(),
            String.valueOf(refusal.getMessage())));
  }

  /** The accepted results by name, each read when it comes to it. */
  Iterable<Contribution> contributions() {
    return () -> reported.values().stream().map(this::contribution).iterator();
  }

  private Contribution contribution(VirtualClient client) {
    ClientMaterials materials = payloads.materials(client);
    return new Contribution(
        client.name(),
        materials.masks(),
        network(client).slice(),
        executor.read(client, payloads.work(client, work), materials, files.of(client)));
  }

  void end() throws IOException {
    files.delete();
  }

  long bytesUp() {
    return bytesUp;
  }
}
