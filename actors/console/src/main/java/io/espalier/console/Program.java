package io.espalier.console;

import io.espalier.configs.fault.ProcessExit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A program from its arguments to its exit code. */
public final class Program {
  private Program() {}

  /** Has failures of a command line and its subcommands reported; call it after they are added. */
  public static CommandLine reporting(CommandLine commandLine, FailureReport failures) {
    return commandLine
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF)) // TerminalWriter escapes colours
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures::usage)
        .setExecutionExceptionHandler(failures::failure);
  }

  /** Has descriptions name commands as they are typed. */
  private static void inHints(CommandLine commandLine) {
    UsageMessageSpec usage = commandLine.getCommandSpec().usageMessage();
    usage.description(inHints(usage.description()));
    commandLine.getSubcommands().values().forEach(Program::inHints);
  }

  private static String[] inHints(String... lines) {
    boolean isFormat = ProgramName.get().contains("%"); // picocli formats descriptions
    return isFormat ? lines : Arrays.stream(lines).map(ProgramName::inHints).toArray(String[]::new);
  }

  /** Executes a command in this process, and returns its exit code. */
  public static int run(
      CommandLine commandLine, PrintWriter out, PrintWriter err, String... arguments) {
    try {
      return commandLine.setOut(out).setErr(err).execute(arguments);
    } catch (OutOfMemoryError e) {
      return FailureReport.outOfMemory(e, err);
    }
  }

  /** Executes a command, and ends the process with its exit code. */
  public static void main(CommandLine commandLine, String... arguments) {
    ProcessExit.ofProcess().install();
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    Thread.setDefaultUncaughtExceptionHandler(
        new BackgroundFailures(err, FailureReport.isDebug(System.getenv())));
    int exitCode = run(named(commandLine, arguments), out, err, arguments);
    out.flush();
    err.flush();
    System.exit(exitCode);
  }

  /**
   * Names it in its help as it was started; a script of completions is for the name on the path.
   */
  static CommandLine named(CommandLine commandLine, String... arguments) {
    boolean completes = arguments.length > 0 && arguments[0].equals("generate-completion");
    if (completes || ProgramName.isPlain()) {
      return commandLine;
    }
    inHints(commandLine);
    return commandLine.setCommandName(ProgramName.get());
  }

  private static PrintWriter utf8(FileDescriptor descriptor) {
    return TerminalWriter.of(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }
}
