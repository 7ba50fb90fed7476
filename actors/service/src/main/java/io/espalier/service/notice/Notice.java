package io.espalier.service.notice;

import io.espalier.service.RunAlert;
import io.espalier.service.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A notice as the journal has it until it is delivered. Names are stored: none may change.
 *
 * @param id the same over all attempts to deliver it, at every destination
 * @param time of the event
 * @param run absent for a test
 * @param alert absent unless the event is an alert
 */
public record Notice(
    String id, NoticeEvent event, Instant time, Optional<RunStatus> run, Optional<RunAlert> alert) {
  /** The notice of a run that has ended. */
  public static Notice ofEnd(NoticeEvent event, RunStatus run) {
    return new Notice(
        "%s/%d/%s".formatted(run.run(), run.attempt().term(), event.word()),
        event,
        run.standing().changed(),
        Optional.of(run),
        Optional.empty());
  }

  public static Notice ofAlert(RunStatus run, RunAlert alert, Instant time) {
    return new Notice(
        run.run() + "/" + alert.id(),
        NoticeEvent.ALERT,
        time,
        Optional.of(run),
        Optional.of(alert));
  }

  public static Notice ofTest(Instant time) {
    return new Notice(
        "test/" + UUID.randomUUID(), NoticeEvent.TEST, time, Optional.empty(), Optional.empty());
  }
}
