package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import java.util.Map;
import java.util.Optional;

/** What a federation was asked, its rounds and its clients. Not thread-safe. */
final class FederationView {
  private final RoundsView rounds;
  private final ClientsView clients = new ClientsView();
  private final RefusalsView refusals = new RefusalsView();
  private Optional<FederationDescribed> asked = Optional.empty();
  private Optional<CandidateChosen> chosen = Optional.empty();

  /**
   * @param voided of the run; whoever adds to them calls {@link #discard}
   */
  public FederationView(VoidedSteps voided) {
    rounds = new RoundsView(voided);
  }

  public void take(Envelope envelope) {
    if (envelope.event() instanceof FederationDescribed described) {
      asked = Optional.of(described);
    } else if (envelope.event() instanceof CandidateChosen candidate) {
      chosen = Optional.of(candidate);
    }
    rounds.take(envelope);
    clients.take(envelope);
    refusals.take(envelope);
  }

  /** Forgets what attempts before {@code attempt} said about rounds from {@code firstVoid} on. */
  public void discard(int attempt, long firstVoid) {
    rounds.discard(attempt, firstVoid);
  }

  /** Whether the run is a federation, with rounds to come at least. */
  public boolean isKnown() {
    return asked.isPresent() || rounds.isKnown();
  }

  /** Series over rounds; they go before series of the same names over steps. */
  public Map<String, Points> series() {
    return rounds.series().byName();
  }

  /** Completed training rounds. */
  public long completed() {
    return rounds.completed();
  }

  /** Bytes that rounds sent, both ways, and what dense models would have taken. */
  public long[] traffic() {
    return rounds.traffic();
  }

  /** Clients that are known. */
  public int clientCount() {
    return clients.count();
  }

  /**
   * {@code {asked, chosen, selection, totals, clientCount, tiers, open}}.
   *
   * @param running whether a round can be open
   */
  public ObjectNode json(boolean running) {
    ObjectNode federation = ViewJson.object();
    asked.ifPresent(described -> federation.set("asked", ViewJson.of(described)));
    chosen.ifPresent(candidate -> federation.set("chosen", ViewJson.of(candidate)));
    federation.put("clientCount", clients.count());
    rounds.addTo(federation);
    rounds
        .open()
        .filter(started -> running)
        .ifPresent(
            started ->
                federation
                    .putObject("open")
                    .put("round", started.event().round())
                    .put("kind", started.event().kind())
                    .put("since", started.time().toEpochMilli())
                    .put("wanted", started.event().wanted())
                    .put("invited", started.event().invited())
                    .put("reported", clients.reportedIn(started.event().round())));
    return federation;
  }

  /** The clients, see {@link ClientsView#json}. */
  public ArrayNode clients() {
    return clients.json();
  }

  /** What was refused, by reason. */
  public ArrayNode refusals() {
    return refusals.json();
  }
}
