package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AvailabilityTest {
  @TempDir private Path folder;

  @Test
  void chance_isAboutItsShareAndDrawnAnewForEachLook() throws IOException {
    Availability chance = Availability.of("0.3", folder, 10_000, 7);

    assertThat(there(chance, "4", 0)).isBetween(2_850L, 3_150L);
    assertThat(there(chance, "4", 0)).isEqualTo(there(chance, "4", 0));
    assertThat(
            IntStream.range(0, 10_000).filter(i -> isThere(chance, i, 0) && isThere(chance, i, 1)))
        .hasSizeBetween(800, 1_000);
    assertThat(chance.leavesMs(0, 5)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void chance_ofOne_isEverybody() throws IOException {
    assertThat(there(Availability.of("1", folder, 500, 7), "norms", 3)).isEqualTo(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "1.5", "NaN"})
  void chance_thatIsNone_isRefused(String option) {
    assertThatThrownBy(() -> Availability.of(option, folder, 5, 7))
        .isInstanceOf(BrokenRulesException.class)
        .hasMessageContaining("availability must be above 0 and up to 1");
  }

  @Test
  void trace_saysWhoIsThereAndUntilWhen() throws IOException {
    Availability trace = trace("1,0,10\n1,10,20.5\n3, 5 , 8\nclient-2,3,4\n");

    assertThat(trace.isThere(0, "1", 0, 0)).isTrue();
    assertThat(trace.isThere(0, "1", 0, 20_500)).isFalse();
    assertThat(trace.leavesMs(0, 0)).isEqualTo(20_500);
    assertThat(trace.isThere(1, "1", 0, 2_999)).isFalse();
    assertThat(trace.isThere(1, "1", 0, 3_000)).isTrue();
    assertThat(trace.leavesMs(2, 7_999)).isEqualTo(8_000);
    assertThat(trace.isThere(3, "1", 0, 5_000)).isFalse();
    assertThat(trace.isOver(20_499)).isFalse();
    assertThat(trace.isOver(20_500)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,0|each line must have the columns client,from,until: line=3, columns=2",
        "5,0,1|a client must be a number from 1 to the number of clients: line=3, client=5, clients=4",
        "bob,0,1|line=3, client=bob",
        "1,x,1|times and speeds must be numbers from 0: line=3, value=x",
        "1,-1,1|line=3, value=-1",
        "1,2,2|a client must come before it goes: line=3, from=2.0, until=2.0"
      })
  void trace_withABrokenLine_isRefusedByItsNumber(String line, String message) {
    assertThatThrownBy(() -> trace("1,0,5\n" + line + "\n"))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("trace.csv: ")
        .hasMessageContaining(message);
  }

  @Test
  void trace_withoutItsHeaderOrMissing_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("other.csv"), "1,0,5\n");

    assertThatThrownBy(() -> Availability.of(file.toString(), folder, 4, 7))
        .hasMessageContaining(
            "the first line must name the columns: expected=client,from,until, found=1,0,5");
    assertThatThrownBy(() -> Availability.of("none.csv", folder, 4, 7))
        .isInstanceOf(NoSuchFileException.class);
  }

  private Availability trace(String lines) throws IOException {
    Files.writeString(folder.resolve("trace.csv"), Availability.HEADER + "\n" + lines);
    return Availability.of("trace.csv", folder, 4, 7);
  }

  private static boolean isThere(Availability chance, int client, int look) {
    return chance.isThere(client, "4", look, 0);
  }

  private static long there(Availability chance, String round, int look) {
    return IntStream.range(0, 10_000).filter(i -> chance.isThere(i, round, look, 0)).count();
  }
}
