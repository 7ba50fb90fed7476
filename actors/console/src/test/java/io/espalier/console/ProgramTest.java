package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class ProgramTest {
  @Command(name = "sample", description = "Starts as a copy: espalier recipes digits > my.conf")
  private static final class Sample {}

  @AfterEach
  void end() {
    System.clearProperty(ProgramName.PROPERTY);
  }

  @Test
  void help_ofACheckout_namesCommandsAsTheyAreTyped() {
    System.setProperty(ProgramName.PROPERTY, "./espalier");

    assertThat(help("sample"))
        .contains("Usage: ./espalier")
        .contains("copy: ./espalier recipes digits > my.conf");
    assertThat(help("generate-completion")).contains("copy: espalier recipes");
  }

  @Test
  void help_ofAProgramWithAFormatInItsPath_isPrinted() {
    System.setProperty(ProgramName.PROPERTY, "/opt/100%s/espalier");

    assertThat(help("sample")).contains("copy: espalier recipes");
  }

  private static String help(String argument) {
    return Program.named(new CommandLine(new Sample()), argument).getUsageMessage();
  }
}
