package io.espalier.service.notice;

import io.espalier.service.notice.NoticeSettings.Destination;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Dependencies of what sends notices.
 *
 * @param transports by the names of destinations
 * @param shown makes texts fit for users, who must not see paths of the host
 */
public record NoticeParts(
    NoticeSettings settings,
    Map<String, NoticeTransport> transports,
    NoticeMeters meters,
    UnaryOperator<String> shown,
    InstantSource clock) {
  public NoticeParts {
    transports = Map.copyOf(transports);
  }

  public static NoticeParts of(
      NoticeSettings settings,
      NoticeMeters meters,
      UnaryOperator<String> shown,
      InstantSource clock) {
    Map<String, NoticeTransport> transports = new HashMap<>();
    for (Destination each : settings.destinations()) {
      transports.put(each.name(), NoticeTransport.of(each, settings.publicUrl(), clock));
    }
    return new NoticeParts(settings, transports, meters, shown, clock);
  }

  Optional<NoticeTransport> transport(String destination) {
    return Optional.ofNullable(transports.get(destination));
  }
}
