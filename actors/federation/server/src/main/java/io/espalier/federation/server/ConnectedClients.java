package io.espalier.federation.server;

import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Welcome;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The clients that are connected. Confined to the server's actor. */
final class ConnectedClients {
  private final PreparedFederation federation;
  private final NestedNetworks networks;
  private final String run;
  private final String recipe;
  private final Consumer<Event> events;
  private final Map<String, AttendingClient> clients = new TreeMap<>();

  ConnectedClients(NestedNetworks networks, String run, String recipe, Consumer<Event> events) {
    this.networks = networks;
    this.federation = networks.whole().federation();
    this.run = run;
    this.recipe = recipe;
    this.events = events;
  }

  void attend(ClientSession session, Hello hello) {
    // The number is unsigned: a negative one is more than any network needs.
    Optional<NarrowNetwork> network =
        hello.getMemoryCap() <= 0
            ? Optional.of(networks.whole())
            : networks.within(hello.getMemoryCap());
    if (network.isEmpty()) {
      NarrowNetwork least = networks.narrowest();
      refuse(
          session,
          RefusalReason.TOO_LITTLE_MEMORY,
          "a device must have the memory that the narrowest network takes: memory-cap=%d bytes, needed=%d bytes, width=%s"
              .formatted(hello.getMemoryCap(), least.trainingBytes(), least.width()));
      return;
    }
    clients.put(
        session.client(),
        new AttendingClient(
            session,
            new DeviceTier(hello.getDensityCap(), network.get().width()),
            hello.getSoftware(),
            Optional.empty()));
    session.send(welcome(session.protocolVersion(), network.get()));
  }

  private FromServer welcome(int protocolVersion, NarrowNetwork network) {
    Dataset data = federation.run().dataset();
    return FromServer.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setProtocolVersion(protocolVersion)
                .setRun(run)
                .setRecipe(recipe)
                .setLayoutDigest(network.layoutDigest())
                .addAllInput(
                    List.of(data.input().channels(), data.input().height(), data.input().width()))
                .addAllColumns(data.columns())
                .setEncoding(data.encoding().map(InputEncoding::toJson).orElse(""))
                .addAllClassNames(data.classNames())
                .addAllMean(data.normalization().mean())
                .addAllDeviation(data.normalization().standardDeviation())
                .setWidth(network.width()))
        .build();
  }

  /** Makes a client eligible; empty if its session is over, or it is refused. */
  Optional<AttendingClient> ready(ClientSession session, Ready ready) {
    AttendingClient client = clients.get(session.client());
    if (client == null || client.session() != session) {
      return Optional.empty();
    }
    int most = federation.rounds().merge().largestExamples();
    if (ready.getExamples() < 1 || ready.getExamples() > most) {
      clients.remove(session.client());
      refuse(
          session,
          RefusalReason.WRONG_COUNT,
          "a client must have 1 to federation.largest-examples examples: examples=%s, largest-examples=%d"
              .formatted(Integer.toUnsignedString(ready.getExamples()), most));
      return Optional.empty();
    }
    AttendingClient now = client.readied(ready);
    clients.put(session.client(), now);
    events.accept(
        new FederationEvent.ClientJoined(
            now.client(),
            now.tier().cap(),
            ready.getExamples(),
            now.software(),
            now.tier().reportedWidth()));
    return Optional.of(now);
  }

  void drop(Set<String> revoked) {
    List<AttendingClient> dropped =
        clients.values().stream().filter(each -> revoked.contains(each.client())).toList();
    for (AttendingClient client : dropped) {
      left(client.session());
      refuse(
          client.session(),
          RefusalReason.REVOKED_CLIENT,
          "a client must not be revoked: client=" + client.client());
    }
  }

  private void refuse(ClientSession session, RefusalReason reason, String detail) {
    events.accept(
        new FederationEvent.UpdateRefused(
            Optional.of(session.client()), Optional.empty(), reason.word(), detail));
    session.end(FromServer.newBuilder().setRefusal(reason.refusal(detail)).build());
  }

  void left(ClientSession session) {
    AttendingClient client = clients.get(session.client());
    if (client != null && client.session() == session) {
      clients.remove(session.client());
      if (client.isReady()) {
        events.accept(new FederationEvent.ClientLeft(session.client(), "disconnected"));
      }
    }
  }

  void holds(String client, int version) {
    clients.computeIfPresent(client, (name, each) -> each.holding(version));
  }

  /** Has a client get its masks in full. */
  AttendingClient holdsNone(AttendingClient client) {
    AttendingClient now = client.holdingNone();
    clients.put(client.client(), now);
    return now;
  }

  boolean isConnected(String client) {
    return clients.containsKey(client);
  }

  List<AttendingClient> ready() {
    return clients.values().stream().filter(AttendingClient::isReady).toList();
  }

  List<AttendingClient> eligible(RoundWork work) {
    return CohortRound.eligible(ready(), AttendingClient::tier, work, federation);
  }

  SortedMap<DeviceTier, Integer> tiers() {
    SortedMap<DeviceTier, Integer> tiers = new TreeMap<>();
    ready().forEach(each -> tiers.merge(each.tier(), 1, Integer::sum));
    return tiers;
  }

  void send(String client, FromServer message) {
    Optional.ofNullable(clients.get(client)).ifPresent(each -> each.session().send(message));
  }

  /** Ends all sessions, then records that, which may fail. */
  void goodbye(boolean finished) {
    List<AttendingClient> all = List.copyOf(clients.values());
    clients.clear();
    FromServer last = goodbyeMessage(finished);
    all.forEach(each -> each.session().end(last));
    all.stream()
        .filter(AttendingClient::isReady)
        .forEach(
            each ->
                events.accept(
                    new FederationEvent.ClientLeft(
                        each.client(), "the server " + last.getGoodbye().getReason())));
  }

  static FromServer goodbyeMessage(boolean finished) {
    return FromServer.newBuilder()
        .setGoodbye(Goodbye.newBuilder().setReason(finished ? "finished" : "stopping"))
        .build();
  }
}
