package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class UsageWidthTest {
  private static final int COLUMNS = 80;

  static Stream<CommandLine> commands() {
    return below(Espalier.commandLine());
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(UsageWidthTest::below));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_fitsATerminal(CommandLine command) {
    String usage =
        command.setUsageHelpAutoWidth(false).setUsageHelpWidth(COLUMNS).getUsageMessage();

    assertThat(usage.lines())
        .as(command.getCommandSpec().qualifiedName())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
  }
}
