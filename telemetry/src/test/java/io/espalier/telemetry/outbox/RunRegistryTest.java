package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRegistryTest {
  private static final RunId RUN = new RunId("r1-20261201-112233-k7m2qx");

  @TempDir private Path home;

  @Test
  void find_ofARunThatWasAdded_isItsAbsoluteDirectory() throws IOException {
    RunRegistry.of(home).add(RUN, home.resolve("runs").resolve("..").resolve("r1"));

    assertThat(RunRegistry.of(home).find(RUN)).contains(home.resolve("r1").toAbsolutePath());
    assertThat(RunRegistry.of(home).all())
        .containsOnlyKeys(RUN)
        .containsValue(home.resolve("r1").toAbsolutePath());
  }

  @Test
  void find_ofAnUnknownRun_isEmpty() throws IOException {
    assertThat(RunRegistry.of(home).find(RUN)).isEmpty();
    assertThat(RunRegistry.of(home).all()).isEmpty();
  }
}
