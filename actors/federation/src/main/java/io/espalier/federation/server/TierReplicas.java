package io.espalier.federation.server;

import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.replica.LocalReplica;
import java.util.HashMap;
import java.util.Map;
import org.agrona.CloseHelper;

/**
 * A replica of each network that is in use, made when it is first asked for. Confined to the thread
 * that owns the session.
 */
final class TierReplicas implements AutoCloseable {
  private final NestedNetworks networks;
  private final Map<Double, LocalReplica> replicas = new HashMap<>();

  TierReplicas(NestedNetworks networks) {
    this.networks = networks;
  }

  LocalReplica at(double width) {
    return replicas.computeIfAbsent(
        width, each -> new LocalReplica(networks.at(each).federation().run(), () -> {}));
  }

  @Override
  public void close() {
    CloseHelper.closeAll(replicas.values());
  }
}
