package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import java.util.Map;
import java.util.Optional;

/** The plan, rounds and clients of a federation. Not thread-safe. */
final class FederationView {
  final RoundsView rounds;
  final ClientsView clients = new ClientsView();
  final RefusalsView refusals = new RefusalsView();
  private Optional<FederationDescribed> asked = Optional.empty();
  private Optional<CandidateChosen> chosen = Optional.empty();

  FederationView(VoidedSteps voided) {
    rounds = new RoundsView(voided);
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof FederationDescribed described) {
      asked = Optional.of(described);
    } else if (envelope.event() instanceof CandidateChosen candidate) {
      chosen = Optional.of(candidate);
    }
    rounds.take(envelope);
    clients.take(envelope);
    refusals.take(envelope);
  }

  boolean isKnown() {
    return asked.isPresent() || rounds.isKnown();
  }

  /** Returns series over rounds; they override step series of the same names. */
  Map<String, Points> series() {
    return rounds.series().byName();
  }

  /**
   * Returns {@code {asked, chosen, selection, totals, clientCount, tiers, open}}; only a running
   * run has an open round.
   */
  ObjectNode json(boolean running) {
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
}
