package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunFileComparisonTest {
  @Test
  void breaks_eachStreamCountsForItself_areNone() {
    assertThat(
            RunFileComparison.sequenceBreaks(
                List.of(
                    Told.raw(1, Told.steps(1, 1, 2.0)),
                    Told.raw(1, Told.sync(1, "a", 1)),
                    Told.raw(1, new RunResumed(2, 0)),
                    Told.raw(2, Told.sync(2, "b", 1)),
                    Told.raw(2, Told.steps(2, 1, 2.0)))))
        .isEmpty();
  }

  @Test
  void breaks_gapRepeatAndLateStart_areEachTold() {
    assertThat(breaks(1, 2, 4, 5))
        .containsExactly("source run, topic espalier.events.v1: expected sequence=3, found=4");
    assertThat(breaks(1, 2, 2, 3)).singleElement().asString().endsWith("=3, found=2");
    assertThat(breaks(2, 3)).singleElement().asString().endsWith("=1, found=2");
    assertThat(breaks(1, 3, 2)).hasSize(2);
  }

  private static List<String> breaks(long... sequences) {
    List<RawEnvelope> envelopes =
        LongStream.of(sequences).mapToObj(each -> Told.raw(each, new RunResumed(2, 0))).toList();
    return RunFileComparison.sequenceBreaks(envelopes);
  }
}
