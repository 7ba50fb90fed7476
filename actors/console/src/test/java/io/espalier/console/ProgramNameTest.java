package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgramNameTest {
  @AfterEach
  void end() {
    System.clearProperty(ProgramName.PROPERTY);
  }

  @ParameterizedTest
  @CsvSource({
    "go on with 'espalier resume r1', go on with './espalier resume r1'",
    "  espalier train --resume runs/a,   ./espalier train --resume runs/a",
    "./espalier train x, ./espalier train x",
    "espalier: the run failed, espalier: the run failed",
    "put espalier.jar there, put espalier.jar there",
    "/opt/espalier serve, /opt/espalier serve"
  })
  void hints_ofACheckout_beginWithItsLauncher(String text, String expected) {
    System.setProperty(ProgramName.PROPERTY, "./espalier");

    assertThat(ProgramName.inHints(text)).isEqualTo(expected);
  }

  @Test
  void hints_ofAnInstalledCommand_stay() {
    assertThat(ProgramName.get()).isEqualTo("espalier");
    assertThat(ProgramName.inHints("'espalier runs' lists them"))
        .isEqualTo("'espalier runs' lists them");
  }
}
