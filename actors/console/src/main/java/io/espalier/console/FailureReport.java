package io.espalier.console;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.fault.FailureText;
import io.espalier.configs.file.DiskFailure;
import io.espalier.configs.file.FileCause;
import io.espalier.configs.plugin.MissingModuleException;
import io.espalier.federation.trust.TrustException;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.state.DivergedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns an exception of a command into a message and an exit code: 2 for what the user can correct,
 * else 1. Immutable.
 */
public final class FailureReport {
  public static final String DEBUG = "ESPALIER_DEBUG";

  private final boolean debug;
  private final Predicate<Exception> correctable;
  private final Predicate<Exception> reported;

  private FailureReport(
      boolean debug, Predicate<Exception> correctable, Predicate<Exception> reported) {
    this.debug = debug;
    this.correctable = correctable;
    this.reported = reported;
  }

  public static FailureReport ofEnvironment(Map<String, String> environment) {
    return new FailureReport(isDebug(environment), each -> false, each -> false);
  }

  static boolean isDebug(Map<String, String> environment) {
    return !environment.getOrDefault(DEBUG, "").isBlank();
  }

  /**
   * A report that knows exceptions of more commands.
   *
   * @param byUser what the user can correct
   * @param byMessage other failures whose message says all
   */
  public FailureReport knowing(Predicate<Exception> byUser, Predicate<Exception> byMessage) {
    return new FailureReport(debug, correctable.or(byUser), reported.or(byMessage));
  }

  public int usage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    print(err, String.valueOf(e.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    trace(err, e);
    return ExitCode.USAGE;
  }

  public int failure(Exception thrown, CommandLine command, ParseResult parsed) {
    Exception e = cause(thrown);
    PrintWriter err = command.getErr();
    trace(err, e);
    if (isMissing(e)) {
      print(
          err,
          e instanceof AccessDeniedException denied
              ? FileCause.of(denied)
              : "file must exist and be readable: " + e.getMessage());
      return ExitCode.USAGE;
    }
    if (isUsers(e)) {
      print(err, String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
    if (reported.test(e)) {
      print(err, String.valueOf(e.getMessage()));
      return ExitCode.SOFTWARE;
    }
    if (e instanceof DivergedException) {
      print(err, "run failed: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
    if (e instanceof IOException) {
      print(err, ofFiles(e));
      return ExitCode.SOFTWARE;
    }
    print(err, "unexpected failure: " + oneLine(e));
    if (!debug) {
      err.println("Set " + DEBUG + "=1 for the stack trace.");
    }
    return ExitCode.SOFTWARE;
  }

  static int outOfMemory(OutOfMemoryError e, PrintWriter err) {
    print(err, FailureText.of(e));
    return ExitCode.SOFTWARE;
  }

  private static Exception cause(Exception thrown) {
    return thrown instanceof UncheckedIOException && thrown.getCause() instanceof IOException cause
        ? cause
        : thrown;
  }

  private static boolean isMissing(Exception e) {
    return e instanceof NoSuchFileException
        || e instanceof FileNotFoundException
        || e instanceof AccessDeniedException;
  }

  private static String ofFiles(Exception e) {
    if (DiskFailure.isFull(e)) {
      return "files must be readable and writable, and their disk have space: %s; make room, or choose another place"
          .formatted(oneLine(e));
    }
    if (e instanceof FileSystemException) {
      return "files must be readable and writable: %s; choose another place, or mend this one"
          .formatted(oneLine(e));
    }
    return e.getMessage() == null ? oneLine(e) : e.getMessage();
  }

  private boolean isUsers(Exception e) {
    return e instanceof InvalidConfigException
        || e instanceof MalformedFileException
        || e instanceof TrustException
        || e instanceof MissingModuleException
        || e instanceof CommandRefusedException
        || correctable.test(e);
  }

  private static String oneLine(Exception e) {
    String message =
        e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + message;
  }

  private static void print(PrintWriter err, String message) {
    err.println("espalier: " + ProgramName.inHints(String.join("\n  ", message.lines().toList())));
  }

  private void trace(PrintWriter err, Exception e) {
    if (debug) {
      e.printStackTrace(err);
    }
  }
}
