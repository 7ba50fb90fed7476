package io.espalier.service.notice;

import io.espalier.configs.Rules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The destinations of notices.
 *
 * @param publicUrl where browsers reach the service, without a trailing slash; absent for notices
 *     without links
 */
public record NoticeSettings(List<Destination> destinations, Optional<URI> publicUrl, Retry retry) {
  public static final NoticeSettings NONE =
      new NoticeSettings(List.of(), Optional.empty(), Retry.DEFAULT);

  public NoticeSettings {
    destinations = List.copyOf(destinations);
  }

  public List<String> names() {
    return destinations.stream().map(Destination::name).toList();
  }

  /** Names of the destinations that take an event. */
  public List<String> takers(NoticeEvent event) {
    return destinations.stream()
        .filter(each -> each.events().contains(event))
        .map(Destination::name)
        .toList();
  }

  public record Destination(String name, Set<NoticeEvent> events, Kind kind) {
    public Destination {
      events = Set.copyOf(events);
    }
  }

  /**
   * The attempts to deliver a notice.
   *
   * @param first wait after a failure; it doubles with each further one of the destination
   * @param giveUpAfter age at which a notice whose delivery fails is dropped
   * @param attempts that a notice gets from one start of the service
   */
  public record Retry(Duration first, Duration longest, Duration giveUpAfter, int attempts) {
    public static final Retry DEFAULT =
        new Retry(Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofDays(1), 100);

    public Retry {
      new Rules()
          .require("first", first, isPositive(first), "above 0")
          .require("longest", longest, longest.compareTo(first) >= 0, "not below first=" + first)
          .require("give-up-after", giveUpAfter, isPositive(giveUpAfter), "above 0")
          .require("attempts", attempts, attempts >= 1 && attempts <= 10_000, "1 to 10000")
          .verify();
    }

    private static boolean isPositive(Duration duration) {
      return !duration.isNegative() && !duration.isZero();
    }
  }

  /** A way to deliver. */
  public sealed interface Kind {
    /** The host that is connected to, for logs; without secrets. */
    String host();
  }

  /**
   * An HTTP endpoint; its address may be a secret.
   *
   * @param authority PEM file of trusted certificates; absent for Java's own
   */
  public record Webhook(URI url, SecretFile secret, Optional<Path> authority) implements Kind {
    @Override
    public String host() {
      return url.getHost();
    }

    /** Never shows the address. */
    @Override
    public String toString() {
      return "webhook at " + host();
    }
  }

  /** An SMTP server; {@code authority} is that of {@link Webhook}. */
  public record Mail(
      String host,
      int port,
      Security security,
      Optional<Login> login,
      String from,
      List<String> to,
      Optional<Path> authority)
      implements Kind {
    public Mail {
      to = List.copyOf(to);
    }
  }

  public record Login(String user, SecretFile password) {}

  public enum Security {
    STARTTLS,
    TLS,
    NONE
  }
}
