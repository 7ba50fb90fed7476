package io.espalier.console;

import java.io.PrintWriter;

/**
 * Reports an exception that ends a thread of a library in one line. Java would print its stack
 * trace, between the lines of the command.
 */
final class BackgroundFailures implements Thread.UncaughtExceptionHandler {
  private final PrintWriter err;
  private final boolean debug;

  BackgroundFailures(PrintWriter err, boolean debug) {
    this.err = err;
    this.debug = debug;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    if (debug) {
      failure.printStackTrace(err);
    }
    err.println(
        "espalier: a thread in the background ended: thread=%s, cause=%s; %s=1 in the environment shows the stack trace"
            .formatted(
                thread.getName(),
                String.valueOf(failure).lines().findFirst().orElse(""),
                FailureReport.DEBUG));
    err.flush();
  }
}
