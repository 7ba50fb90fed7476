package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class ConsoleLoggingTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void configure_letsOnlyOwnWarningsReachTheConsole() {
    // given
    ConsoleLogging logging = new ConsoleLogging();
    logging.setContext(context);

    // when
    ExecutionStatus status = logging.configure(context);

    // then
    Logger own = context.getLogger("io.espalier.trainer");
    Logger library = context.getLogger("org.apache.kafka");
    assertThat(status).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
    assertThat(own.getEffectiveLevel()).isEqualTo(Level.WARN);
    assertThat(context.getLogger("io.espalier").getAppender("stderr").isStarted()).isTrue();
    assertThat(context.getLogger("io.espalier").isAdditive()).isFalse();
    assertThat(library.getEffectiveLevel()).isEqualTo(Level.OFF);
  }

  @Test
  void configurator_isFoundByLogback() {
    assertThat(ServiceLoader.load(ch.qos.logback.classic.spi.Configurator.class))
        .hasAtLeastOneElementOfType(ConsoleLogging.class);
  }
}
