package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.gateway.WireFuzz;
import io.espalier.trainer.file.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class WireFuzzTest {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Duration DURATION = Duration.ofSeconds(5);

  @Test
  void gateway_underMutatedSessions_staysHealthyAndTakesNothingUnverified(@TempDir Path directory)
      throws Exception {
    List<String> severe = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, death) -> severe.add(death.toString()));
    Handler handler = collecting(severe);
    ROOT.addHandler(handler);
    try (TestGateway wire = new TestGateway(directory);
        WireFuzz fuzz = WireFuzz.record(wire.gateway().address(), "bad", "good")) {
      // Given
      wire.goodSession("good");

      // When
      long attacks = fuzz.run(42, DURATION);

      // Then
      assertThat(attacks).isPositive();
      assertThat(fuzz.answered()).isPositive();
      TestGateway.until(() -> wire.gateway().connections() == 0);
      assertThat(wire.goodSession("good").getDuplicate()).isFalse();
      for (var each : wire.handler.accepted.entrySet()) {
        Path copy = Files.write(directory.resolve("copy"), each.getValue());
        assertThat(Sha256.ofFile(copy)).isEqualTo(each.getKey());
      }
      assertThat(severe).isEmpty();
    } finally {
      ROOT.removeHandler(handler);
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  /** The library's threads survive an exception of ours, and log it as severe. */
  private static Handler collecting(List<String> severe) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
          severe.add(record.getMessage() + " " + record.getThrown());
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
