package io.espalier.trainer.executor.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.run.SampleRuns;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  private static final RunConfig CONFIG =
      SampleRuns.config(
          SampleRuns.MLP,
          SampleRuns.SGD,
          SampleRuns.HARD,
          MemberSettings.of("constant"),
          0.9,
          1,
          1);

  @Test
  void begin_severalCalls_startsOneThreadThatEnds() throws InterruptedException {
    for (int call = 0; call < 3; call++) {
      WarmUp.begin(CONFIG.train());
    }

    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("espalier-warm-up"))
            .toList();
    assertThat(threads).hasSizeLessThanOrEqualTo(1);
    for (Thread thread : threads) {
      assertThat(thread.isDaemon()).isTrue();
      thread.join(Duration.ofSeconds(60).toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
