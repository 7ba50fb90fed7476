package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Processes that train on the bundled digits: what they tell, not how much it is. */
class MemoryTraceTest {
  @Test
  void process_overSomeSteps_tellsItsMemoryAtEachSync() throws IOException, InterruptedException {
    MemoryTrace trace =
        MemoryTrace.ofProcess(
            "lenet-300-100", "annealed", 2, 100, List.of("data=digits", "train.epochs=20"));

    assertThat(trace.residents()).hasSize(11).allMatch(bytes -> bytes > 50_000_000);
    assertThat(trace.peak()).isGreaterThanOrEqualTo(trace.residents().get(10));
  }

  @Test
  void process_thatFails_isNotTakenForAMeasurement() {
    assertThatThrownBy(
            () -> MemoryTrace.ofProcess("lenet-7", "hard", 1, 100, List.of("data=digits")))
        .hasMessageContaining("network=lenet-7, mask=hard, exit code=1");
  }
}
