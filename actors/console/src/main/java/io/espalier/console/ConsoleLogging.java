package io.espalier.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;

/**
 * The console belongs to the commands: only Espalier's own warnings reach it. {@code
 * ESPALIER_LOG=INFO} in the environment shows what the libraries say, too. Set here and not in a
 * file, as reading XML takes a tenth of a second and 400 classes; a file that logback is given, or
 * one for tests, goes before.
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {
  private static final String FILE = "logback.configurationFile";
  private static final String TEST_FILE = "logback-test.xml";
  private static final String VARIABLE = "ESPALIER_LOG";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(FILE) != null
        || ConsoleLogging.class.getClassLoader().getResource(TEST_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var own = context.getLogger("io.espalier");
    own.setLevel(Level.WARN);
    own.setAdditive(false);
    own.addAppender(console(context, "stderr", "espalier: %msg%nopex%n"));
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv(VARIABLE), Level.OFF));
    root.addAppender(console(context, "libraries", "%-5level %logger{20} %msg%n"));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static ConsoleAppender<ILoggingEvent> console(
      LoggerContext context, String name, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(pattern);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
