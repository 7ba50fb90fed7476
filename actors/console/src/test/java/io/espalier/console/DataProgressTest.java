package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DataProgressTest {
  private final StringWriter errors = new StringWriter();
  private final AtomicLong clock = new AtomicLong();
  private final DataProgress progress = new DataProgress(new PrintWriter(errors), clock::get);

  private void after(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void progressed_often_isToldEveryTwoSeconds() {
    progress.progressed("a.gz", 0, OptionalLong.empty());
    after(Duration.ofSeconds(2));
    progress.progressed("a.gz", 1_300_000, OptionalLong.of(26_000_000));
    after(Duration.ofSeconds(1));
    progress.progressed("a.gz", 2_000_000, OptionalLong.of(26_000_000));
    after(Duration.ofSeconds(1));
    progress.progressed("b.gz", 40_000, OptionalLong.empty());

    assertThat(errors.toString().lines())
        .containsExactly("fetching  a.gz: 1.3 MB of 26.0 MB (5%)", "fetching  b.gz: 0.0 MB");
  }

  @Test
  void decoded_often_isToldEveryTwoSeconds() {
    progress.decoded(Path.of("/photos"), 256, 50_000);
    after(Duration.ofSeconds(2));
    progress.decoded(Path.of("/photos"), 12_288, 50_000);
    progress.decoded(Path.of("/photos"), 12_544, 50_000);

    assertThat(errors).hasToString("decoding  /photos: 12,288 of 50,000 images (24%)\n");
  }

  @Test
  void waiting_isToldAtOnce() {
    progress.waiting(Path.of("/home/data"));

    assertThat(errors).hasToString("fetching  waiting for another download into /home/data\n");
  }
}
