package io.espalier.bench.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
  private static final String STAT =
      "42 (akka (1) disp-17) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 31 0 1 2 3";

  @Test
  void stat_namesWithBrackets_areRead() {
    assertThat(ProcessUse.name(STAT)).isEqualTo("akka (1) disp");
    assertThat(ProcessUse.ticks(STAT)).isEqualTo(300);
  }

  @Test
  void shares_areThoseSinceTheEarlierMoment() {
    ProcessUse earlier = new ProcessUse(100, 1, 2, Map.of("a", 50L, "b", 50L));
    ProcessUse later = new ProcessUse(160, 1, 3, Map.of("a", 60L, "b", 50L, "c", 50L));

    assertThat(later.cpuSince(earlier, 10)).isEqualTo(0.06);
    assertThat(later.busiestSince(earlier, 10, 5)).containsExactly("c 5.0%", "a 1.0%");
    assertThat(later.busiestSince(earlier, 10, 1)).containsExactly("c 5.0%");
  }

  @Test
  void ownProcess_isMeasured() throws IOException {
    ProcessUse use = ProcessUse.of(ProcessHandle.current().pid());

    assertThat(use.residentBytes()).isGreaterThan(10_000_000);
    assertThat(use.threads()).isGreaterThan(3);
    assertThat(use.cpuTicks()).isPositive();
  }
}
