package io.espalier.service.notice;

import io.espalier.service.RunState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The cause of a notice. Names are stored: none may change. */
public enum NoticeEvent {
  FINISHED,
  FAILED,
  CANCELLED,
  /** A run raised an alert. */
  ALERT,
  /** An operator tries a destination. */
  TEST;

  /** The events that a destination can ask for. */
  static final List<NoticeEvent> OF_RUNS = List.of(FINISHED, FAILED, CANCELLED, ALERT);

  /** The event of a run that has come to a state; empty unless the state is an end. */
  public static Optional<NoticeEvent> of(RunState state) {
    return state.isEnded() ? Optional.of(valueOf(state.name())) : Optional.empty();
  }

  static Optional<NoticeEvent> named(String word) {
    return OF_RUNS.stream().filter(each -> each.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return OF_RUNS.stream().map(NoticeEvent::word).toList();
  }

  /** The word in configurations and documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
