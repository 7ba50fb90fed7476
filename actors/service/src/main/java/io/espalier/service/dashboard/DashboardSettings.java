package io.espalier.service.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.Rules;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The contents of a dashboard, and its limits.
 *
 * @param command name of the program in commands that the page shows
 * @param role that a caller needs to see data; empty if no token is required
 */
public record DashboardSettings(
    String version,
    String command,
    Sources sources,
    Clock clock,
    Optional<Role> role,
    StreamLimits limits) {
  private static final String PROGRAM = "espalier";
  private static final int STREAMS = 200;
  private static final int STREAMS_OF_TOKEN = 100;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration KEEP = Duration.ofMinutes(10);

  /**
   * What a dashboard shows.
   *
   * @param events starts to read events; called again for a viewer after a long time without
   * @param service the current parts of the service; absent without a service
   * @param notes what users have written about runs, by their ids; absent where the server keeps
   *     none. Every viewer asks often
   */
  public record Sources(
      Supplier<LiveFeed> events,
      Optional<ServiceParts> service,
      Optional<Supplier<CompletionStage<Map<String, JsonNode>>>> notes) {}

  /**
   * Limits of the streams to viewers.
   *
   * @param streams at once, in all
   * @param streamsOfToken at once, per token
   * @param poll time between two checks for news, per stream
   * @param keep time of reading after the last viewer has left
   */
  public record StreamLimits(int streams, int streamsOfToken, Duration poll, Duration keep) {
    public StreamLimits {
      new Rules()
          .require("streams", streams, streams >= 1, "1 or more")
          .require("streamsOfToken", streamsOfToken, streamsOfToken >= 1, "1 or more")
          .require("poll", poll, poll.toMillis() >= 1, "1 ms or more")
          .require("keep", keep, !keep.isNegative(), "0 or more")
          .verify();
    }
  }

  private DashboardSettings(
      String version,
      Supplier<LiveFeed> events,
      Optional<ServiceParts> service,
      Optional<Role> role,
      int streamsOfToken) {
    this(
        version,
        PROGRAM,
        new Sources(events, service, Optional.empty()),
        Clock.systemUTC(),
        role,
        new StreamLimits(STREAMS, streamsOfToken, POLL, KEEP));
  }

  /**
   * A standalone dashboard; a token is needed if other machines reach it, or {@code http} says so.
   */
  public static DashboardSettings alone(
      String version, Supplier<LiveFeed> events, HttpSettings http) {
    Optional<Role> role = http.isOpen() ? Optional.empty() : Optional.of(Role.READ);
    return new DashboardSettings(version, events, Optional.empty(), role, STREAMS);
  }

  public static DashboardSettings ofService(
      String version, Supplier<LiveFeed> events, ServiceParts service) {
    return new DashboardSettings(
        version, events, Optional.of(service), Optional.of(Role.READ), STREAMS_OF_TOKEN);
  }

  public DashboardSettings withStreams(int inAll, int ofToken) {
    return new DashboardSettings(
        version,
        command,
        sources,
        clock,
        role,
        new StreamLimits(inAll, ofToken, limits.poll(), limits.keep()));
  }

  /** Adds notes and files of runs, whose endpoints the server must have. */
  public DashboardSettings withNotes(Supplier<CompletionStage<Map<String, JsonNode>>> source) {
    return new DashboardSettings(
        version,
        command,
        new Sources(sources.events(), sources.service(), Optional.of(source)),
        clock,
        role,
        limits);
  }

  /** The same, whose commands begin with another name, such as {@code ./espalier} in a checkout. */
  public DashboardSettings withCommand(String name) {
    return new DashboardSettings(version, name, sources, clock, role, limits);
  }
}
