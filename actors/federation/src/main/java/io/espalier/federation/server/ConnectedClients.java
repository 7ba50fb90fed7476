package io.espalier.federation.server;

import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent;
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
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The clients that are connected. Confined to the server's actor. */
final class ConnectedClients {
  private final PreparedFederation federation;
  private final NestedNetworks networks;
  private final BiFunction<Integer, NarrowNetwork, FromServer> welcome;
  private final Consumer<Event> events;
  private final Map<String, AttendingClient> attendees = new TreeMap<>();

  /**
   * Nobody yet.
   *
   * @param welcome what a client of a protocol version is told first, given its network
   */
  ConnectedClients(
      NestedNetworks networks,
      BiFunction<Integer, NarrowNetwork, FromServer> welcome,
      Consumer<Event> events) {
    this.networks = networks;
    this.federation = networks.whole().federation();
    this.welcome = welcome;
    this.events = events;
  }

  /** Welcomes a client with the widest network that it has memory for, or refuses it. */
  void attend(ClientSession session, Hello hello) {
    double cap = hello.getDensityCap();
    if (!(cap > 0 && cap <= 1)) {
      refuse(
          session,
          RefusalReason.MALFORMED,
          "a density cap must be above 0 and up to 1: density-cap=" + cap);
      return;
    }
    // The number is unsigned: what is negative here is more than any network takes.
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
    attendees.put(
        session.client(),
        new AttendingClient(
            session,
            new DeviceTier(cap, network.get().width()),
            hello.getSoftware(),
            Optional.empty()));
    session.send(welcome.apply(session.protocolVersion(), network.get()));
  }

  /** A client can be chosen from now on; empty if it is not connected any more, or is refused. */
  Optional<AttendingClient> ready(ClientSession session, Ready ready) {
    AttendingClient attendee = attendees.get(session.client());
    if (attendee == null || attendee.session() != session) {
      return Optional.empty();
    }
    int most = federation.rounds().largestExamples();
    if (ready.getExamples() < 1 || ready.getExamples() > most) {
      attendees.remove(session.client());
      refuse(
          session,
          RefusalReason.WRONG_COUNT,
          "a client must have 1 to federation.largest-examples examples: examples=%s, largest-examples=%d"
              .formatted(Integer.toUnsignedString(ready.getExamples()), most));
      return Optional.empty();
    }
    AttendingClient now = attendee.readied(ready);
    attendees.put(session.client(), now);
    events.accept(
        new FederationEvent.ClientJoined(
            now.client(),
            now.tier().cap(),
            ready.getExamples(),
            now.software(),
            now.tier().toldWidth()));
    return Optional.of(now);
  }

  /** Ends the sessions of those who may not take part any more. */
  void drop(Set<String> revoked) {
    List<AttendingClient> gone =
        attendees.values().stream().filter(each -> revoked.contains(each.client())).toList();
    for (AttendingClient attendee : gone) {
      left(attendee.session());
      refuse(
          attendee.session(),
          RefusalReason.REVOKED_CLIENT,
          "a client must not be revoked: client=" + attendee.client());
    }
  }

  private void refuse(ClientSession session, RefusalReason reason, String detail) {
    events.accept(
        new FederationEvent.UpdateRefused(
            Optional.of(session.client()), Optional.empty(), reason.word(), detail));
    session.end(
        FromServer.newBuilder()
            .setRefusal(Refusal.newBuilder().setReason(reason.word()).setDetail(detail))
            .build());
  }

  void left(ClientSession session) {
    AttendingClient attendee = attendees.get(session.client());
    if (attendee != null && attendee.session() == session) {
      attendees.remove(session.client());
      if (attendee.isReady()) {
        events.accept(new FederationEvent.ClientLeft(session.client(), "disconnected"));
      }
    }
  }

  /** A client has the masks of a version from now on. */
  void holds(String client, int version) {
    attendees.computeIfPresent(client, (name, attendee) -> attendee.holding(version));
  }

  boolean isConnected(String client) {
    return attendees.containsKey(client);
  }

  /** Those that can be chosen, in the order of their names. */
  List<AttendingClient> ready() {
    return attendees.values().stream().filter(AttendingClient::isReady).toList();
  }

  /**
   * Those that can do some work. Candidates are measured by who can hold the dense network; only
   * where these are too few by all that can hold a candidate.
   */
  List<AttendingClient> eligible(RoundWork work) {
    List<AttendingClient> whole = ready().stream().filter(each -> each.tier().isWhole()).toList();
    if (work.kind().trains()) {
      return ready();
    }
    double density = 1 - federation.run().config().prune().sparsity();
    return whole.size() >= federation.rounds().fewest()
        ? whole
        : ready().stream().filter(each -> each.tier().cap() >= density).toList();
  }

  /** How many clients there are that can hold as much. */
  SortedMap<DeviceTier, Integer> tiers() {
    SortedMap<DeviceTier, Integer> tiers = new TreeMap<>();
    ready().forEach(each -> tiers.merge(each.tier(), 1, Integer::sum));
    return tiers;
  }

  /** Sends a message to a client, if it is connected. */
  void send(String client, FromServer message) {
    Optional.ofNullable(attendees.get(client))
        .ifPresent(attendee -> attendee.session().send(message));
  }

  /** Ends all sessions, then tells of it, which may fail. */
  void goodbye(boolean finished) {
    List<AttendingClient> all = List.copyOf(attendees.values());
    attendees.clear();
    FromServer last = lastWords(finished);
    all.forEach(attendee -> attendee.session().end(last));
    all.stream()
        .filter(AttendingClient::isReady)
        .forEach(
            attendee ->
                events.accept(
                    new FederationEvent.ClientLeft(
                        attendee.client(), "the server " + last.getGoodbye().getReason())));
  }

  /** What a session ends with: whether the run is over, or the server will be back. */
  static FromServer lastWords(boolean finished) {
    return FromServer.newBuilder()
        .setGoodbye(Goodbye.newBuilder().setReason(finished ? "finished" : "stopping"))
        .build();
  }
}
