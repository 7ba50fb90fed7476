package io.espalier.service.dashboard;

import io.espalier.configs.Rules;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a dashboard shows, and to whom.
 *
 * @param version of Espalier
 * @param events begins to read events; called when somebody looks and nobody did for long
 * @param clock of the server
 * @param service what the service tells beside the events; absent where there is none
 * @param role that a caller needs to see data; empty where anyone may who reaches the server
 * @param isPlaintext whether callers come without TLS, and so from this machine alone
 * @param streams at once, in all
 * @param streamsOfToken at once, per token
 * @param poll between two looks for news, per stream
 * @param keep how long events are read on after the last viewer has left
 */
public record DashboardSettings(
    String version,
    Supplier<LiveFeed> events,
    Clock clock,
    Optional<ServiceSubject> service,
    Optional<Role> role,
    boolean isPlaintext,
    int streams,
    int streamsOfToken,
    Duration poll,
    Duration keep) {
  private static final int STREAMS = 200;
  private static final int STREAMS_OF_TOKEN = 100;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration KEEP = Duration.ofMinutes(10);

  public DashboardSettings {
    new Rules()
        .require("streams", streams, streams >= 1, "1 or more")
        .require("streamsOfToken", streamsOfToken, streamsOfToken >= 1, "1 or more")
        .require("poll", poll, poll.toMillis() >= 1, "1 ms or more")
        .require("keep", keep, !keep.isNegative(), "0 or more")
        .verify();
  }

  /** Of a dashboard by itself, which asks for a token where others than this machine reach it. */
  public static DashboardSettings alone(
      String version, Supplier<LiveFeed> events, HttpSettings http) {
    return new DashboardSettings(
        version,
        events,
        Clock.systemUTC(),
        Optional.empty(),
        http.isLocal() ? Optional.empty() : Optional.of(Role.READ),
        http.tls().isEmpty(),
        STREAMS,
        STREAMS,
        POLL,
        KEEP);
  }

  /** Of a dashboard that is a part of the service. */
  public static DashboardSettings ofService(
      String version, Supplier<LiveFeed> events, HttpSettings http, ServiceSubject service) {
    return new DashboardSettings(
        version,
        events,
        Clock.systemUTC(),
        Optional.of(service),
        Optional.of(Role.READ),
        http.tls().isEmpty(),
        STREAMS,
        STREAMS_OF_TOKEN,
        POLL,
        KEEP);
  }

  /** The same with other limits on streams. */
  public DashboardSettings withStreams(int inAll, int ofToken) {
    return new DashboardSettings(
        version, events, clock, service, role, isPlaintext, inAll, ofToken, poll, keep);
  }

  /** The same with another time after the last viewer. */
  public DashboardSettings withKeep(Duration other) {
    return new DashboardSettings(
        version, events, clock, service, role, isPlaintext, streams, streamsOfToken, poll, other);
  }
}
