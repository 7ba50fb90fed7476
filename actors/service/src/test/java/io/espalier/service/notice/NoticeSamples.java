package io.espalier.service.notice;

import io.espalier.service.RunAlert;
import io.espalier.service.RunKind;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Notices with every value. */
final class NoticeSamples {
  static final Instant TIME = Instant.parse("2026-12-01T10:00:00Z");

  private NoticeSamples() {}

  static RunStatus run(String name, RunState state, Optional<String> cause) {
    return new RunStatus(
        "pear-20261201-1",
        name,
        RunKind.TRAINING,
        new RunStatus.Standing(state, TIME, Optional.empty(), cause),
        new RunStatus.Request(3, 2, TIME.minusSeconds(60)),
        new RunStatus.Attempt(2, Optional.of("n1"), Optional.empty()),
        new RunStatus.Reached(
            40,
            OptionalLong.of(100),
            OptionalLong.of(30),
            OptionalDouble.of(0.98125),
            OptionalDouble.empty(),
            OptionalDouble.of(0.9)));
  }

  static Notice finished() {
    return Notice.ofEnd(NoticeEvent.FINISHED, run("pear", RunState.FINISHED, Optional.empty()));
  }

  static Notice failed(String name, String cause) {
    return Notice.ofEnd(NoticeEvent.FAILED, run(name, RunState.FAILED, Optional.of(cause)));
  }

  static Notice alert() {
    return Notice.ofAlert(
        run("pear", RunState.RUNNING, Optional.empty()),
        new RunAlert("2/alert/1", "dead-units", 40, "most outputs have no weight"),
        TIME);
  }
}
