package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunIdFileTest {
  @TempDir private Path parent;

  @Test
  void read_movedDirectory_keepsTheIdentity() throws IOException {
    Path directory = Files.createDirectory(parent.resolve("r1"));
    RunIdFile.write(directory, new RunId("r1-20261201-112233-k7m2qx"));

    Path moved = Files.move(directory, parent.resolve("best"));

    assertThat(RunIdFile.read(moved)).hasToString("r1-20261201-112233-k7m2qx");
    assertThat(RunIdFile.label(moved)).hasToString("best");
  }

  @Test
  void read_runOfAnEarlierVersion_isThatOfItsEventsElseTheDirectorysName() throws IOException {
    Path directory = Files.createDirectory(parent.resolve("pear"));
    assertThat(RunIdFile.read(directory)).hasToString("pear");

    try (Outbox outbox = Outbox.open(directory, RunIdFile.read(directory), Clock.systemUTC())) {
      outbox.append(new RunResumed(1, 3));
    }

    assertThat(RunIdFile.read(Files.move(directory, parent.resolve("plum")))).hasToString("pear");
  }

  @Test
  void read_fileWithoutAnId_isRefusedWithTheWayOut() throws IOException {
    Files.writeString(parent.resolve(RunIdFile.NAME), "no id\n");

    assertThatThrownBy(() -> RunIdFile.read(parent))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("content='no id'")
        .hasMessageContaining("or delete it");
  }

  @Test
  void isOf_aDirectoryThatIsGoneOrHoldsAnotherRun_isFalse() throws IOException {
    Path named = Files.createDirectory(parent.resolve("named"));
    RunIdFile.write(named, new RunId("second"));
    Path ofBefore = Files.createDirectory(parent.resolve("before"));

    assertThat(RunIdFile.isOf(named, new RunId("second"))).isTrue();
    assertThat(RunIdFile.isOf(named, new RunId("first"))).isFalse();
    assertThat(RunIdFile.isOf(ofBefore, new RunId("first"))).isTrue();
    assertThat(RunIdFile.isOf(parent.resolve("gone"), new RunId("first"))).isFalse();
  }
}
