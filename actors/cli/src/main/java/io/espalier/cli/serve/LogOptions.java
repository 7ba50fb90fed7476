package io.espalier.cli.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of the log, which goes to stderr. */
final class LogOptions {
  private static final String OWN = "io.espalier";

  enum Format {
    TEXT,
    JSON
  }

  enum Threshold {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    Level level() {
      return Level.valueOf(name());
    }
  }

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "Form of the log on stderr: text, or json with an object on each line (default:"
              + " ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "warn",
      description =
          "Least level of Espalier's own log: error, warn, info with each change of a run, debug"
              + " (default: ${DEFAULT-VALUE}).")
  private Threshold threshold = Threshold.WARN;

  void apply() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(context, format, threshold, System.err);
    }
  }

  static void apply(
      LoggerContext context, Format format, Threshold threshold, OutputStream errors) {
    Logger own = context.getLogger(OWN);
    own.setLevel(threshold.level());
    if (format == Format.JSON) {
      OutputStreamAppender<ILoggingEvent> json = json(context, errors);
      replace(own, json);
      replace(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME), json);
    }
  }

  private static void replace(Logger logger, OutputStreamAppender<ILoggingEvent> appender) {
    logger.detachAndStopAllAppenders();
    logger.addAppender(appender);
  }

  private static OutputStreamAppender<ILoggingEvent> json(
      LoggerContext context, OutputStream errors) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMDC(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("json");
    appender.setEncoder(encoder);
    appender.setOutputStream(errors);
    appender.start();
    return appender;
  }
}
