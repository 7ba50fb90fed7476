package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpeedModelTest {
  @TempDir private Path folder;

  @Test
  void spread_ofNothing_isASecondForEverybody() throws IOException {
    assertThat(SpeedModel.of("0", folder, 3, 7)).containsOnly(new Speed(1, 1e6)).hasSize(3);
  }

  @Test
  void spread_isThatOfTheLogarithms() throws IOException {
    List<Double> logarithms =
        SpeedModel.of("0.5", folder, 20_000, 7).stream()
            .map(speed -> Math.log(speed.secondsPerStep()))
            .toList();

    double mean = logarithms.stream().mapToDouble(x -> x).average().orElseThrow();
    double square = logarithms.stream().mapToDouble(x -> x * x).average().orElseThrow();
    assertThat(mean).isCloseTo(0, Offset.offset(0.02));
    assertThat(Math.sqrt(square)).isCloseTo(0.5, Offset.offset(0.01));
  }

  @Test
  void file_saysEachClientsSpeed() throws IOException {
    assertThat(file("2,0.5,2000\n1,2,100\n"))
        .containsExactly(new Speed(2, 100), new Speed(0.5, 2000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,1,1|each client must have a line: client=2 has none, clients=2",
        "1,1,0|a link must have some bandwidth: line=2, bytes-per-second=0.0",
        "1,1,1;1,2,2|a client must have one line: line=3, client=1"
      })
  void file_thatIsIncompleteOrDouble_isRefused(String lines, String message) {
    assertThatThrownBy(() -> file(lines.replace(';', '\n') + "\n"))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void spread_thatIsNegative_isRefused() {
    assertThatThrownBy(() -> SpeedModel.of("-1", folder, 3, 7))
        .isInstanceOf(BrokenRulesException.class)
        .hasMessageContaining("speeds must be from 0 to 10");
  }

  private List<Speed> file(String lines) throws IOException {
    Files.writeString(folder.resolve("speeds.csv"), SpeedModel.HEADER + "\n" + lines);
    return SpeedModel.of("speeds.csv", folder, 2, 7);
  }
}
