package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  @Test
  void begin_severalCalls_startsOneThreadThatEnds() throws InterruptedException {
    for (int call = 0; call < 3; call++) {
      WarmUp.begin();
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
