package io.espalier.cli.serve;

import io.espalier.service.worker.Worker;
import io.espalier.trainer.engine.NativeExit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jline.utils.Signals;
import picocli.CommandLine.ExitCode;

/**
 * The program that {@code serve} starts for each attempt. Its service alone ends it: Ctrl-C and
 * {@code SIGTERM}, which also reach it where they are sent to a group of processes, do nothing.
 */
public final class WorkerMain {
  private static final int ORPHANED = 143;

  private WorkerMain() {}

  public static void main(String[] args) {
    NativeExit.install();
    OutputStream reports = new FileOutputStream(FileDescriptor.out);
    // What classes of the user print must not come between the messages.
    System.setOut(System.err);
    for (String signal : new String[] {"INT", "TERM"}) {
      Signals.register(signal, () -> {});
    }
    int exitCode = ExitCode.OK;
    try {
      Worker.serve(System.in, reports, () -> NativeExit.halt(ORPHANED));
    } catch (IOException e) {
      System.err.println("espalier: " + e.getMessage());
      exitCode = ExitCode.SOFTWARE;
    }
    NativeExit.halt(exitCode);
  }
}
